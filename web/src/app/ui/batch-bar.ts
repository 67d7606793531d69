import { Component, input, output } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";

/** What can be done to the ticked rows of a list together; what only one list can do is projected. */
@Component({
  selector: "tg-batch-bar",
  imports: [TranslocoDirective],
  template: `<ng-container *transloco="let t">
    <button type="button" class="button small" (click)="enable.emit(true)">
      {{ t("action.enable") }}
    </button>
    <button type="button" class="button small" (click)="enable.emit(false)">
      {{ t("action.disable") }}
    </button>
    <ng-content />
    @if (removable()) {
      <button type="button" class="button small" (click)="remove.emit()">
        {{ t("action.delete") }}
      </button>
    }
  </ng-container>`,
  host: { class: "row" },
})
export class BatchBar {
  readonly removable = input(true);
  /** True to switch the rows on. */
  readonly enable = output<boolean>();
  readonly remove = output();
}
