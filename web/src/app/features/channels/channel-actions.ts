import { Service, inject } from "@angular/core";
import { Api } from "#core/api/api";
import { Jobs } from "#core/jobs/jobs";
import { Locale } from "#core/i18n/locale";
import type { List } from "#core/list/list";
import { Confirm } from "#ui/confirm/confirm";
import { Toasts } from "#ui/toast/toasts";
import { CHANNEL_ENABLED, CHANNEL_MANUALLY_OFF, type Channel } from "./channel";

export type BatchAction = "enable" | "disable" | "delete" | "set";

/** The members that a batch may set on many channels at once. */
export interface BatchChange {
  readonly group?: string;
  readonly priority?: number;
  readonly weight?: number;
}

const MANY = 20;

/** What can be done to channels from their list. */
@Service({ autoProvided: false })
export class ChannelActions {
  readonly #api = inject(Api);
  readonly #jobs = inject(Jobs);
  readonly #locale = inject(Locale);
  readonly #toasts = inject(Toasts);
  readonly #confirm = inject(Confirm);

  /** Shows the new state at once, offers to take it back, and rolls back when refused. */
  async setEnabled(list: List<Channel>, ids: readonly number[], enabled: boolean): Promise<void> {
    const status = enabled ? CHANNEL_ENABLED : CHANNEL_MANUALLY_OFF;
    list.patchRows((rows) => rows.map((row) => (ids.includes(row.id) ? { ...row, status } : row)));
    await this.#guard(async () => {
      await this.#batch(ids, enabled ? "enable" : "disable");
      const key = enabled ? "toast.enabled" : "toast.disabled";
      this.#toasts.undoable(this.#locale.translate(key, { count: ids.length }), () => {
        void this.setEnabled(list, ids, !enabled);
      });
    });
    list.reload();
  }

  async set(list: List<Channel>, ids: readonly number[], change: BatchChange): Promise<void> {
    await this.#guard(async () => {
      await this.#batch(ids, "set", change);
      this.#toasts.done(this.#locale.translate("toast.changed", { count: ids.length }));
    });
    list.reload();
  }

  /** Asks first; resolves to true when the channels are gone. */
  async remove(list: List<Channel>, channels: readonly Channel[]): Promise<boolean> {
    const agreed = await this.#confirm.ask({
      title: this.#locale.translate("channels.deleteTitle", { count: channels.length }),
      text: channels.map((channel) => `#${channel.id} ${channel.name}`).join(", "),
      action: this.#locale.translate("action.delete"),
      danger: true,
      ...(channels.length > MANY ? { typed: String(channels.length) } : {}),
    });
    if (!agreed) return false;
    await this.#guard(async () => {
      await this.#batch(
        channels.map((channel) => channel.id),
        "delete",
      );
      this.#toasts.done(this.#locale.translate("toast.deleted", { count: channels.length }));
    });
    list.reload();
    return true;
  }

  async removeDisabled(list: List<Channel>): Promise<void> {
    const agreed = await this.#confirm.ask({
      title: this.#locale.translate("channels.deleteDisabledTitle"),
      text: this.#locale.translate("channels.deleteDisabledText"),
      action: this.#locale.translate("action.delete"),
      danger: true,
    });
    if (!agreed) return;
    await this.#guard(async () => {
      const count = await this.#api.delete<number>("/api/channel/disabled");
      this.#toasts.done(this.#locale.translate("toast.deleted", { count }));
    });
    list.reload();
  }

  async refreshBalance(list: List<Channel>, channel: Channel): Promise<void> {
    await this.#guard(async () => {
      const answer = await this.#api.send(`/api/channel/update_balance/${channel.id}`, {});
      const balance = answer.balance ?? channel.balance;
      const balance_updated_time = Math.floor(Date.now() / 1000);
      list.patchRows((rows) =>
        rows.map((row) =>
          row.id === channel.id ? { ...row, balance, balance_updated_time } : row,
        ),
      );
    });
  }

  /** Starts long work on all channels; the job tray shows how it goes. */
  async startJob(path: string, scope?: "all" | "disabled"): Promise<void> {
    await this.#guard(async () => {
      await this.#api.get(path, { scope });
      this.#toasts.done(this.#locale.translate("jobs.started"));
      await this.#jobs.reload();
    });
  }

  async #batch(ids: readonly number[], action: BatchAction, set?: BatchChange): Promise<void> {
    await this.#api.post("/api/channel/batch", { ids, action, ...(set ? { set } : {}) });
  }

  async #guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#toasts.fault(error);
    }
  }
}
