import { Component, computed, inject, input, linkedSignal, resource } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import { Api } from "#core/api/api";
import { toFault } from "#core/api/fault";
import { Format } from "#core/format/format";
import { Badge, type Tone } from "#ui/badge";
import { FaultNotice } from "#ui/fault-notice";
import { Icon } from "#ui/icon/icon";
import type { IconName } from "#ui/icon/icons";
import { Moment } from "#ui/moment";
import {
  type ExplainedLine,
  type Explanation,
  exactDollars,
  factor,
  isPricedPerMillion,
  picoDollars,
} from "./explanation";

interface Verdict {
  readonly label: string;
  readonly tone: Tone;
  readonly icon: IconName;
}

const FLAGS = ["late", "corrected", "price_outdated"] as const;

/** Computes a call's charge before the reader's eyes: units, prices, multipliers, rounding. Loads when it is opened. */
@Component({
  selector: "tg-log-explain",
  imports: [Badge, FaultNotice, Icon, Moment, TranslocoDirective],
  templateUrl: "./log-explain.component.html",
  styleUrl: "./log-explain.scss",
})
export class LogExplain {
  readonly #api = inject(Api);
  protected readonly format = inject(Format);
  readonly requestId = input.required<string>();
  /** Closes again when another call is shown. */
  protected readonly open = linkedSignal({ source: this.requestId, computation: () => false });
  protected readonly loaded = resource({
    params: () => (this.open() ? this.requestId() : undefined),
    loader: ({ params, abortSignal }) =>
      this.#api.get<Explanation>(`/api/log/${encodeURIComponent(params)}/explain`, {}, abortSignal),
  });
  protected readonly told = computed(() =>
    this.loaded.hasValue() ? this.loaded.value() : undefined,
  );
  protected readonly fault = computed(() =>
    this.loaded.error() ? toFault(this.loaded.error()) : undefined,
  );
  protected readonly verdict = computed(() => verdictOf(this.told()));
  protected readonly flags = computed(() => {
    const told = this.told();
    return told ? FLAGS.filter((flag) => told.flags[flag]) : [];
  });
  protected readonly exactDollars = exactDollars;
  protected readonly picoDollars = picoDollars;
  protected readonly factor = factor;

  /** Asks again when it is open, after something has changed. */
  reload(): void {
    this.loaded.reload();
  }

  protected toggle(event: Event): void {
    this.open.set(event.target instanceof HTMLDetailsElement && event.target.open);
  }

  protected price({ bucket, price_pico: pico }: ExplainedLine): string {
    return isPricedPerMillion(bucket) ? this.format.price(pico) : picoDollars(pico);
  }
}

function verdictOf(told: Explanation | undefined): Verdict | undefined {
  if (!told) return undefined;
  if (told.matches === true) return { label: "explain.matches", tone: "ok", icon: "check" };
  if (told.matches === false) return { label: "explain.differs", tone: "bad", icon: "alert" };
  return { label: `explain.state.${told.price_state}`, tone: "warn", icon: "info" };
}
