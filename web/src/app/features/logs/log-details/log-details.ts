import { Component, computed, inject, input, output } from "@angular/core";
import { RouterLink } from "@angular/router";
import { TranslocoDirective } from "@jsverse/transloco";
import { Format } from "#core/format/format";
import { tokensPerSecond } from "#core/format/number-format";
import { Sentences } from "#core/i18n/sentences";
import { Badge } from "#ui/badge";
import { Copyable } from "#ui/copyable";
import { Drawer } from "#ui/drawer/drawer";
import { Icon } from "#ui/icon/icon";
import { Moment } from "#ui/moment";
import { type LogRow, isCall, isCharged, isExplainable, logName, outcomeOf } from "../log";
import { LogCost } from "../log-cost/log-cost";
import { LogExplain } from "../log-explain/log-explain";
import { LogRefund } from "../log-refund/log-refund";

/** Everything known about one call: outcome, time, tokens, price, and the hops it took. */
@Component({
  selector: "tg-log-details",
  imports: [
    Badge,
    Copyable,
    Drawer,
    Icon,
    LogCost,
    LogExplain,
    LogRefund,
    Moment,
    RouterLink,
    TranslocoDirective,
  ],
  templateUrl: "./log-details.component.html",
  styleUrl: "./log-details.scss",
})
export class LogDetails {
  protected readonly format = inject(Format);
  protected readonly sentences = inject(Sentences);
  readonly row = input.required<LogRow>();
  /** True in the administration's log, where users and channels are shown. */
  readonly everyone = input(false);
  readonly closed = output();
  readonly step = output<1 | -1>();
  /** Money was given back. */
  readonly changed = output();
  protected readonly isCall = isCall;
  protected readonly isCharged = isCharged;
  protected readonly name = computed(() => this.sentences.word(logName(this.row())));
  protected readonly outcome = computed(() => outcomeOf(this.row()));
  protected readonly explainable = computed(() => isExplainable(this.row()));
  protected readonly waiting = computed(() => {
    const { ttft_ms: ttft = 0, elapsed_time: total } = this.row();
    return total > 0 ? Math.min(100, (ttft / total) * 100) : 0;
  });
  protected readonly speed = computed(() => {
    const { completion_tokens: tokens, elapsed_time: total, ttft_ms: ttft } = this.row();
    return ttft ? tokensPerSecond(tokens, total, ttft) : undefined;
  });
  protected readonly raw = computed(() => JSON.stringify(this.row(), null, 2));
}
