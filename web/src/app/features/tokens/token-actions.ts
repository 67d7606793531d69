import { Service, inject } from "@angular/core";
import { Api } from "#core/api/api";
import { Locale } from "#core/i18n/locale";
import type { List } from "#core/list/list";
import { Confirm } from "#ui/confirm/confirm";
import { Toasts } from "#ui/toast/toasts";
import { TOKEN_DISABLED, TOKEN_ENABLED, type Token } from "./token";

/** What can be done to keys from their list. */
@Service({ autoProvided: false })
export class TokenActions {
  readonly #api = inject(Api);
  readonly #locale = inject(Locale);
  readonly #toasts = inject(Toasts);
  readonly #confirm = inject(Confirm);

  sayStored(token: Token): void {
    this.#toasts.done(this.#locale.translate("toast.saved", { name: token.name }));
  }

  /** Shows the new state at once and takes it back when the server refuses. */
  async setEnabled(list: List<Token>, tokens: readonly Token[], enabled: boolean): Promise<void> {
    const ids = new Set(tokens.map((token) => token.id));
    const status = enabled ? TOKEN_ENABLED : TOKEN_DISABLED;
    list.patchRows((rows) => rows.map((row) => (ids.has(row.id) ? { ...row, status } : row)));
    try {
      for (const id of ids) {
        await this.#api.put("/api/token/", { id, status }, { status_only: true });
      }
      const key = enabled ? "toast.enabled" : "toast.disabled";
      this.#toasts.undoable(this.#locale.translate(key, { count: ids.size }), () => {
        void this.setEnabled(list, tokens, !enabled);
      });
    } catch (error) {
      this.#toasts.fault(error);
      list.reload();
    }
  }

  /** Asks first; resolves to true when the keys are gone. */
  async remove(list: List<Token>, tokens: readonly Token[]): Promise<boolean> {
    const names = tokens.map((token) => token.name).join(", ");
    const agreed = await this.#confirm.ask({
      title: this.#locale.translate("tokens.deleteTitle", { count: tokens.length }),
      text: this.#locale.translate("tokens.deleteText", { names }),
      action: this.#locale.translate("action.delete"),
      danger: true,
      ...(tokens.length > 20 ? { typed: String(tokens.length) } : {}),
    });
    if (!agreed) return false;
    try {
      for (const token of tokens) await this.#api.delete(`/api/token/${token.id}`);
      this.#toasts.done(this.#locale.translate("toast.deleted", { count: tokens.length }));
      return true;
    } catch (error) {
      this.#toasts.fault(error);
      return false;
    } finally {
      list.reload();
    }
  }
}
