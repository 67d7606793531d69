import { Component, computed, inject, input, output, resource } from "@angular/core";
import { RouterLink } from "@angular/router";
import { TranslocoDirective } from "@jsverse/transloco";
import { Api } from "#core/api/api";
import { toFault } from "#core/api/fault";
import { Format } from "#core/format/format";
import { Locale } from "#core/i18n/locale";
import { Badge } from "#ui/badge";
import { Confirm } from "#ui/confirm/confirm";
import { Copyable } from "#ui/copyable";
import { Drawer } from "#ui/drawer/drawer";
import { FaultNotice } from "#ui/fault-notice";
import { Icon } from "#ui/icon/icon";
import { Moment } from "#ui/moment";
import { Toasts } from "#ui/toast/toasts";
import {
  type ClosedJournal,
  type Journal,
  type Lease,
  holdersOf,
  isAlive,
  journalLook,
} from "../lease";

/** One relay's journal: whose money it holds, and the way to give it up when its disk is gone. */
@Component({
  selector: "tg-journal-details",
  imports: [Badge, Copyable, Drawer, FaultNotice, Icon, Moment, RouterLink, TranslocoDirective],
  templateUrl: "./journal-details.component.html",
})
export class JournalDetails {
  readonly #api = inject(Api);
  readonly #confirm = inject(Confirm);
  readonly #locale = inject(Locale);
  readonly #toasts = inject(Toasts);
  protected readonly format = inject(Format);
  readonly journal = input.required<Journal>();
  readonly closed = output();
  readonly changed = output();
  protected readonly loaded = resource({
    params: () => this.journal(),
    loader: ({ params, abortSignal }) =>
      this.#api.get<readonly Lease[]>(`/api/lease/${params.journal_id}`, {}, abortSignal),
  });
  protected readonly fault = computed(() =>
    this.loaded.error() ? toFault(this.loaded.error()) : undefined,
  );
  protected readonly holders = computed(() =>
    this.loaded.hasValue() ? holdersOf(this.loaded.value()) : [],
  );
  protected readonly look = computed(() => journalLook(this.journal(), Date.now() / 1000));
  protected readonly alive = computed(() => isAlive(this.journal(), Date.now() / 1000));

  protected async giveUp(): Promise<void> {
    const { journal_id, node, leases, open_calls, held_nano } = this.journal();
    const held = this.format.nano(held_nano);
    const agreed = await this.#confirm.ask({
      title: this.#locale.translate("leases.closeTitle", { node }),
      text: this.#locale.translate("leases.closeText", { leases, held, calls: open_calls }),
      action: this.#locale.translate("leases.close"),
      danger: true,
      typed: node,
    });
    if (!agreed) return;
    try {
      const done = await this.#api.post<ClosedJournal>("/api/lease/force_close", { journal_id });
      this.#toasts.done(
        this.#locale.translate("leases.closeDone", {
          calls: done.billed_calls,
          cost: this.format.nano(done.cost_nano),
          leases: done.released_leases,
          released: this.format.nano(done.released_nano),
        }),
      );
      this.changed.emit();
    } catch (error) {
      this.#toasts.fault(error);
    }
  }
}
