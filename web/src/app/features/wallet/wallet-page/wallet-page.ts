import { Component, computed, inject, resource, viewChild } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import { Api } from "#core/api/api";
import { Format } from "#core/format/format";
import { randomName } from "#core/random/random-name";
import { ServerStatus } from "#core/session/server-status";
import { Session } from "#core/session/session";
import { Copyable } from "#ui/copyable";
import { Icon } from "#ui/icon/icon";
import { LedgerList } from "../ledger-list/ledger-list";
import { RedeemCard } from "../redeem-card/redeem-card";
import { type Credit, shopAddress } from "../wallet";

/** One's own money: what is there, how to add to it, and every movement. */
@Component({
  selector: "tg-wallet-page",
  imports: [Copyable, Icon, LedgerList, RedeemCard, TranslocoDirective],
  templateUrl: "./wallet-page.component.html",
  styleUrl: "./wallet-page.scss",
})
export class WalletPage {
  readonly #api = inject(Api);
  readonly #status = inject(ServerStatus);
  protected readonly session = inject(Session);
  protected readonly format = inject(Format);
  protected readonly ledger = viewChild.required(LedgerList);
  protected readonly credits = resource({
    loader: ({ abortSignal }) =>
      this.#api.get<readonly Credit[]>("/api/user/credit", {}, abortSignal),
  });
  readonly #invitation = resource({
    loader: ({ abortSignal }) => this.#api.get<string>("/api/user/aff", {}, abortSignal),
  });
  protected readonly expiring = computed(() =>
    this.credits.hasValue() ? this.credits.value() : [],
  );
  protected readonly inviteLink = computed(() => {
    const code = this.#invitation.hasValue() ? this.#invitation.value() : "";
    return code ? `${location.origin}/register?aff=${encodeURIComponent(code)}` : "";
  });
  protected readonly shop = computed(() => {
    const viewer = this.session.viewer();
    const link = this.#status.facts().top_up_link ?? "";
    return viewer && shopAddress(link, viewer, randomName());
  });

  constructor() {
    void this.session.freshen();
  }

  protected async refresh(): Promise<void> {
    this.credits.reload();
    this.ledger().reload();
    await this.session.restore();
  }
}
