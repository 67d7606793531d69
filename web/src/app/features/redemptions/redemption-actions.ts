import { Service, inject } from "@angular/core";
import { Api } from "#core/api/api";
import { saveFile } from "#core/files/save-file";
import { Format } from "#core/format/format";
import { Locale } from "#core/i18n/locale";
import type { List } from "#core/list/list";
import { Confirm } from "#ui/confirm/confirm";
import { Toasts } from "#ui/toast/toasts";
import { CODE_DISABLED, CODE_ENABLED, CODE_USED, type Redemption } from "./redemption";
import { codesToCsv, csvName } from "./redemption";

/** No batch is larger. */
const BATCH_MOST = 100;

/** What can be done to redemption codes from their list. */
@Service({ autoProvided: false })
export class RedemptionActions {
  readonly #api = inject(Api);
  readonly #locale = inject(Locale);
  readonly #toasts = inject(Toasts);
  readonly #confirm = inject(Confirm);
  readonly #format = inject(Format);

  sayStored(name: string): void {
    this.#toasts.done(this.#locale.translate("toast.saved", { name }));
  }

  /** Used codes stay as they are. */
  async setEnabled(
    list: List<Redemption>,
    codes: readonly Redemption[],
    enabled: boolean,
  ): Promise<void> {
    const ids = new Set(codes.filter(({ status }) => status !== CODE_USED).map(({ id }) => id));
    const status = enabled ? CODE_ENABLED : CODE_DISABLED;
    try {
      for (const id of ids) {
        await this.#api.put("/api/redemption/", { id, status }, { status_only: true });
      }
      const key = enabled ? "toast.enabled" : "toast.disabled";
      this.#toasts.done(this.#locale.translate(key, { count: ids.size }));
    } catch (error) {
      this.#toasts.fault(error);
    } finally {
      list.reload();
    }
  }

  /** Asks first; resolves to true when the codes are gone. */
  async remove(list: List<Redemption>, codes: readonly Redemption[]): Promise<boolean> {
    const agreed = await this.#confirm.ask({
      title: this.#locale.translate("redemptions.deleteTitle", { count: codes.length }),
      text: this.#locale.translate("redemptions.deleteText"),
      action: this.#locale.translate("action.delete"),
      danger: true,
      ...(codes.length > 20 ? { typed: String(codes.length) } : {}),
    });
    if (!agreed) return false;
    try {
      for (const code of codes) await this.#api.delete(`/api/redemption/${code.id}`);
      this.#toasts.done(this.#locale.translate("toast.deleted", { count: codes.length }));
      return true;
    } catch (error) {
      this.#toasts.fault(error);
      return false;
    } finally {
      list.reload();
    }
  }

  async exportBatch({ name, batch_id }: Redemption): Promise<void> {
    try {
      const query = { batch_id, page_size: BATCH_MOST };
      const { items } = await this.#api.page<Redemption>("/api/redemption/", query);
      this.export(name, items);
    } catch (error) {
      this.#toasts.fault(error);
    }
  }

  export(name: string, codes: readonly Redemption[]): void {
    const csv = codesToCsv(codes, (quota) => this.#format.money(quota));
    saveFile(csvName(name), "text/csv;charset=utf-8", csv);
  }
}
