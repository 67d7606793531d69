import { Component, computed, input, output } from "@angular/core";
import { type RowAction, editAction, toggleAction } from "#ui/row-action";
import { RowMenu } from "#ui/row-menu";
import { CODE_DISABLED, CODE_USED, type Redemption } from "./redemption";

/** What can be done to one code from its row; a used one can only be looked at and deleted. */
@Component({
  selector: "tg-redemption-row-menu",
  imports: [RowMenu],
  template: `<tg-row-menu [name]="code().name" [actions]="actions()" />`,
})
export class RedemptionRowMenu {
  readonly code = input.required<Redemption>();
  readonly edit = output();
  /** True to switch the code on. */
  readonly toggle = output<boolean>();
  readonly exportBatch = output();
  readonly remove = output();
  protected readonly actions = computed<readonly RowAction[]>(() => {
    const { status } = this.code();
    const isDisabled = status === CODE_DISABLED;
    const changes: readonly RowAction[] = [
      editAction(() => this.edit.emit()),
      toggleAction(!isDisabled, () => this.toggle.emit(isDisabled)),
    ];
    return [
      ...(status === CODE_USED ? [] : changes),
      {
        kind: "run",
        icon: "download",
        label: "redemptions.exportBatch",
        run: () => this.exportBatch.emit(),
      },
      { kind: "remove", run: () => this.remove.emit() },
    ];
  });
}
