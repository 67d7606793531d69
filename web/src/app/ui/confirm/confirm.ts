import { Dialog } from "@angular/cdk/dialog";
import { Service, inject } from "@angular/core";

/** What a confirmation asks; all texts are translated already. */
export interface Question {
  readonly title: string;
  readonly text: string;
  readonly action: string;
  readonly danger?: boolean;
  /** Must be typed before the action is possible; for what cannot be taken back. */
  readonly typed?: string;
}

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
