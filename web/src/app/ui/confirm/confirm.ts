import { Dialog } from "@angular/cdk/dialog";
import { Service, inject } from "@angular/core";
import type { Question } from "./question";

/** Asks before something that cannot be undone. */
@Service()
export class Confirm {
  readonly #dialog = inject(Dialog);

  /** Resolves to true when the person agreed, false on cancel or Escape. */
  async ask(question: Question): Promise<boolean> {
    const { ConfirmDialog } = await import("./confirm-dialog");
    const dialog = this.#dialog.open<boolean>(ConfirmDialog, {
      data: question,
      ariaLabelledBy: "confirm-title",
      autoFocus: "first-tabbable",
    });
    return new Promise((resolve) => {
      dialog.closed.subscribe((answer) => resolve(answer === true));
    });
  }
}
