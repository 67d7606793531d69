import { Component, computed, inject, input } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import { Format } from "#core/format/format";
import { Icon } from "#ui/icon/icon";
import { type LogRow, tokenCount } from "../log";

/** How the amount charged for one call came about: tokens, prices, multiplier, basis. */
@Component({
  selector: "tg-log-cost",
  imports: [Icon, TranslocoDirective],
  templateUrl: "./log-cost.component.html",
  styles: `
    p {
      margin-top: 8px;
    }
  `,
})
export class LogCost {
  protected readonly format = inject(Format);
  readonly call = input.required<LogRow>();
  protected readonly multiplier = computed(() => (this.call().price?.multiplier_ppm ?? 1e6) / 1e6);

  protected tokens(count: number): string {
    return tokenCount(this.call(), this.format.integer(count));
  }
}
