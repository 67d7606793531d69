import { Service, inject } from "@angular/core";
import { Api } from "#core/api/api";
import { Locale } from "#core/i18n/locale";
import type { List } from "#core/list/list";
import { Confirm } from "#ui/confirm/confirm";
import { Toasts } from "#ui/toast/toasts";
import type { User } from "./user";

export type UserAction = "enable" | "disable" | "promote" | "demote" | "delete";

/** What an admin can do to users from their list; the server checks who may. */
@Service({ autoProvided: false })
export class UserActions {
  readonly #api = inject(Api);
  readonly #locale = inject(Locale);
  readonly #toasts = inject(Toasts);
  readonly #confirm = inject(Confirm);

  async run(list: List<User>, users: readonly User[], action: UserAction): Promise<void> {
    if (action === "delete" && !(await this.#agreed(users))) return;
    try {
      for (const { username } of users) {
        await this.#api.post("/api/user/manage", { username, action });
      }
      this.#toasts.done(this.#locale.translate(`users.done.${action}`, { count: users.length }));
    } catch (error) {
      this.#toasts.fault(error);
    }
    list.reload();
  }

  #agreed(users: readonly User[]): Promise<boolean> {
    const first = users.length === 1 ? users[0]?.username : undefined;
    return this.#confirm.ask({
      title: this.#locale.translate("users.deleteTitle", { count: users.length }),
      text: this.#locale.translate("users.deleteText"),
      action: this.#locale.translate("action.delete"),
      danger: true,
      typed: first ?? String(users.length),
    });
  }
}
