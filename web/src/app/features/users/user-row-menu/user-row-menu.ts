import { Component, computed, inject, input, output } from "@angular/core";
import { ROLE_ADMIN, ROLE_ROOT, Session } from "#core/session/session";
import { type RowAction, editAction, logsAction, toggleAction } from "#ui/row-action";
import { RowMenu } from "#ui/row-menu";
import { USER_ENABLED, type User, debtOf } from "../user";
import type { UserAction } from "../user-actions";

/** What can be done to one user from the row. */
@Component({
  selector: "tg-user-row-menu",
  imports: [RowMenu],
  template: `<tg-row-menu [name]="user().username" [actions]="actions()" />`,
})
export class UserRowMenu {
  readonly #session = inject(Session);
  readonly user = input.required<User>();
  readonly edit = output();
  readonly adjust = output();
  readonly writeOff = output();
  readonly act = output<UserAction>();
  protected readonly actions = computed<readonly RowAction[]>(() => {
    const { username, role } = this.user();
    return [
      editAction(() => this.edit.emit()),
      { kind: "run", icon: "wallet", label: "users.adjust", run: () => this.adjust.emit() },
      ...(debtOf(this.user()) > 0n ? [this.#writingOff()] : []),
      logsAction("/admin/logs", { username }),
      // Nobody can do anything to a root from here.
      ...(role < ROLE_ROOT ? this.#powers() : []),
    ];
  });

  #writingOff(): RowAction {
    return { kind: "run", icon: "undo", label: "writeOff.menu", run: () => this.writeOff.emit() };
  }

  #powers(): readonly RowAction[] {
    const { role, status } = this.user();
    const isEnabled = status === USER_ENABLED;
    const toggle = toggleAction(isEnabled, () => this.act.emit(isEnabled ? "disable" : "enable"));
    const remove: RowAction = { kind: "remove", run: () => this.act.emit("delete") };
    if (!this.#session.isRoot()) return [toggle, remove];
    const rank: RowAction =
      role >= ROLE_ADMIN
        ? {
            kind: "run",
            icon: "arrow-down",
            label: "users.demote",
            run: () => this.act.emit("demote"),
          }
        : {
            kind: "run",
            icon: "arrow-up",
            label: "users.promote",
            run: () => this.act.emit("promote"),
          };
    return [toggle, rank, remove];
  }
}
