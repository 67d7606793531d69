import { Component, output } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";

/** What can be done to the ticked keys together. */
@Component({
  selector: "tg-token-batch-bar",
  imports: [TranslocoDirective],
  template: `<ng-container *transloco="let t">
    <button type="button" class="button small" (click)="enable.emit(true)">
      {{ t("action.enable") }}
    </button>
    <button type="button" class="button small" (click)="enable.emit(false)">
      {{ t("action.disable") }}
    </button>
    <button type="button" class="button small" (click)="remove.emit()">
      {{ t("action.delete") }}
    </button>
  </ng-container>`,
  host: { class: "row" },
})
export class TokenBatchBar {
  readonly enable = output<boolean>();
  readonly remove = output();
}
