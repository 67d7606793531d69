import { Component, output } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";

/** What can be done to the ticked codes together. */
@Component({
  selector: "tg-redemption-batch-bar",
  imports: [TranslocoDirective],
  template: `<ng-container *transloco="let t">
    <button type="button" class="button small" (click)="enable.emit(true)">
      {{ t("action.enable") }}
    </button>
    <button type="button" class="button small" (click)="enable.emit(false)">
      {{ t("action.disable") }}
    </button>
    <button type="button" class="button small" (click)="export.emit()">
      {{ t("redemptions.export") }}
    </button>
    <button type="button" class="button small" (click)="remove.emit()">
      {{ t("action.delete") }}
    </button>
  </ng-container>`,
  host: { class: "row" },
})
export class RedemptionBatchBar {
  readonly enable = output<boolean>();
  readonly export = output();
  readonly remove = output();
}
