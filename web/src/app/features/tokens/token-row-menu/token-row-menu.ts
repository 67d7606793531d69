import { Component, computed, input, output } from "@angular/core";
import { type RowAction, editAction, logsAction, toggleAction } from "#ui/row-action";
import { RowMenu } from "#ui/row-menu";
import { TOKEN_ENABLED, type Token } from "../token";

/** What can be done to one key from its row. */
@Component({
  selector: "tg-token-row-menu",
  imports: [RowMenu],
  template: `<tg-row-menu [name]="token().name" [actions]="actions()" />`,
})
export class TokenRowMenu {
  readonly token = input.required<Token>();
  readonly edit = output();
  readonly use = output();
  /** True to switch the key on. */
  readonly toggle = output<boolean>();
  readonly remove = output();
  protected readonly actions = computed<readonly RowAction[]>(() => {
    const { name, status } = this.token();
    const isEnabled = status === TOKEN_ENABLED;
    return [
      editAction(() => this.edit.emit()),
      { kind: "run", icon: "plug", label: "tokens.use", run: () => this.use.emit() },
      logsAction("/console/logs", { token_name: name }),
      toggleAction(isEnabled, () => this.toggle.emit(!isEnabled)),
      { kind: "remove", run: () => this.remove.emit() },
    ];
  });
}
