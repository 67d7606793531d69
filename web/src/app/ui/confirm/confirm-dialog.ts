import { DIALOG_DATA, DialogRef } from "@angular/cdk/dialog";
import { Component, computed, inject, signal } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import type { Question } from "./question";

@Component({
  selector: "tg-confirm-dialog",
  imports: [TranslocoDirective],
  template: `<form class="dialog" *transloco="let t" (submit)="agree($event)">
    <div class="head">
      <h2 id="confirm-title">{{ question.title }}</h2>
    </div>
    <div class="body">
      <p class="muted">{{ question.text }}</p>
      @if (question.typed) {
        <label class="field">
          <span class="label">{{ t("confirm.type", { text: question.typed }) }}</span>
          <input
            class="input"
            autocomplete="off"
            [value]="typed()"
            (input)="typed.set($any($event.target).value)"
          />
        </label>
      }
    </div>
    <div class="foot">
      <button type="button" class="button" (click)="dialog.close(false)">
        {{ t("action.cancel") }}
      </button>
      <button
        type="submit"
        class="button"
        [class.danger]="question.danger"
        [class.primary]="!question.danger"
        [disabled]="!allowed()"
      >
        {{ question.action }}
      </button>
    </div>
  </form>`,
})
export class ConfirmDialog {
  protected readonly question = inject<Question>(DIALOG_DATA);
  protected readonly dialog = inject<DialogRef<boolean>>(DialogRef);
  protected readonly typed = signal("");
  protected readonly allowed = computed(
    () => !this.question.typed || this.typed().trim() === this.question.typed,
  );

  protected agree(event: Event): void {
    event.preventDefault();
    if (this.allowed()) this.dialog.close(true);
  }
}
