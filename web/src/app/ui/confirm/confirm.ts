import { Dialog } from "@angular/cdk/dialog";
import { Service, inject } from "@angular/core";
import { Locale } from "#core/i18n/locale";
import type { Question } from "./question";

/** Asks before something that cannot be undone. */
@Service()
export class Confirm {
  readonly #dialog = inject(Dialog);
  readonly #locale = inject(Locale);

  /** Asks before what was typed is thrown away; unchanged, it may go without a question. */
  async mayLeave(isChanged: boolean): Promise<boolean> {
    if (!isChanged) return true;
    return this.ask({
      title: this.#locale.translate("discard.title"),
      text: this.#locale.translate("discard.text"),
      action: this.#locale.translate("discard.action"),
      danger: true,
    });
  }

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
