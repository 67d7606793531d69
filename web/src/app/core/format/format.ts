import { Service, inject } from "@angular/core";
import { Preferences } from "#core/preferences/preferences";
import { ServerStatus } from "#core/session/server-status";
import * as numbers from "./number-format";
import { describeMoment, formatRelative, formatTimestamp } from "./time-format";

/** What a call was charged, as the log tells it. */
export interface Charge {
  /** Whole quota units, rounded. */
  readonly quota: number;
  /** Exact, as decimal digits; servers of the predecessor do not tell it. */
  readonly cost_nano?: string;
}

/** The number formats bound to the language in use and to the server's quota unit. */
@Service()
export class Format {
  readonly #language = inject(Preferences).language;
  readonly #status = inject(ServerStatus);

  readonly integer = numbers.formatInteger;
  readonly duration = numbers.formatDuration;
  readonly percent = numbers.formatPercent;
  readonly price = numbers.formatPricePerMillion;
  readonly nano = numbers.formatNano;
  readonly timestamp = formatTimestamp;

  money(quota: numbers.Quota): string {
    return numbers.formatMoney(quota, this.#status.quotaPerUnit());
  }

  /** What a call cost, exactly. */
  cost(charge: Charge): string {
    return charge.cost_nano ? this.nano(charge.cost_nano) : this.money(charge.quota);
  }

  moneyFixed(quota: numbers.Quota, decimals: number): string {
    return numbers.formatMoneyFixed(quota, this.#status.quotaPerUnit(), decimals);
  }

  moneyCompact(quota: numbers.Quota): string {
    return numbers.formatMoneyCompact(quota, this.#status.quotaPerUnit(), this.#language());
  }

  /** Decimals that all labels of an axis up to `top` share; undefined when the axis is compact. */
  axisDecimals(top: numbers.Quota): number | undefined {
    return numbers.axisDecimals(top, this.#status.quotaPerUnit());
  }

  parseMoney(text: string): number | undefined {
    return numbers.parseMoney(text, this.#status.quotaPerUnit());
  }

  compact(value: number): string {
    return numbers.formatCompact(value, this.#language());
  }

  relative(seconds: number): string {
    return formatRelative(seconds, Date.now() / 1000, this.#language());
  }

  moment(seconds: number): string {
    return describeMoment(seconds, Date.now() / 1000, this.#language());
  }
}
