import { Component, computed, inject, input, model, signal } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import { Format } from "#core/format/format";
import { UsageChart } from "../usage-chart";
import { type Measure, type ModelSeries, type Window, sum } from "../usage-series";

/** Use by model over time, as stacked bars or as a table of sums. */
@Component({
  selector: "tg-usage-card",
  imports: [TranslocoDirective, UsageChart],
  templateUrl: "./usage-card.component.html",
  styleUrl: "./usage-card.scss",
})
export class UsageCard {
  protected readonly format = inject(Format);
  protected readonly measures: readonly Measure[] = ["quota", "requests", "tokens"];
  protected readonly asTable = signal(false);
  readonly series = input.required<readonly ModelSeries[]>();
  readonly buckets = input.required<readonly number[]>();
  readonly window = input.required<Window>();
  /** True once the use is known, be it none. */
  readonly ready = input.required<boolean>();
  readonly measure = model.required<Measure>();
  protected readonly total = computed(() => sum(this.series().map((entry) => entry.total)));

  protected show(value: number): string {
    return this.measure() === "quota" ? this.format.money(value) : this.format.integer(value);
  }
}
