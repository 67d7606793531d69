import { Component, computed, inject, input } from "@angular/core";
import { TranslocoService } from "@jsverse/transloco";
import { Format } from "#core/format/format";
import { formatTimestamp } from "#core/format/time-format";
import { Chart, type ChartOption } from "#ui/chart/chart";
import type { Palette } from "#ui/chart/palette";
import { type Measure, type ModelSeries, type Window, highest } from "./usage-series";

/** Stacked bars by model over time. */
@Component({
  selector: "tg-usage-chart",
  imports: [Chart],
  template: `<tg-chart [label]="label()" [build]="build()" />`,
})
export class UsageChart {
  readonly #format = inject(Format);
  readonly #transloco = inject(TranslocoService);
  readonly label = input.required<string>();
  readonly series = input.required<readonly ModelSeries[]>();
  readonly buckets = input.required<readonly number[]>();
  readonly measure = input.required<Measure>();
  readonly window = input.required<Window>();

  protected readonly build = computed(() => {
    const series = this.series();
    const buckets = this.buckets();
    const measure = this.measure();
    const window = this.window();
    const decimals = this.#format.axisDecimals(highest(series));
    return (palette: Palette): ChartOption => ({
      animationDuration: 200,
      color: [...palette.series],
      textStyle: { fontFamily: "Inter Variable, system-ui, sans-serif", color: palette.text },
      grid: { left: 4, right: 8, top: 12, bottom: 36, outerBoundsMode: "same" },
      legend: legendOf(palette),
      tooltip: {
        trigger: "axis",
        axisPointer: { type: "shadow" },
        backgroundColor: palette.surface,
        borderColor: palette.line,
        textStyle: { color: palette.text, fontSize: 12 },
        valueFormatter: (value: unknown) => this.#full(Number(value), measure),
      },
      xAxis: timeAxis(palette, buckets, window),
      yAxis: {
        type: "value",
        splitNumber: 4,
        minInterval: 1,
        splitLine: { lineStyle: { color: palette.line } },
        axisLabel: {
          color: palette.muted,
          fontSize: 11,
          formatter: (value: number) => this.#short(value, measure, decimals),
        },
      },
      series: series.map((entry, index) => ({
        type: "bar",
        stack: "all",
        name: entry.model || this.#transloco.translate("home.other"),
        barMaxWidth: 28,
        itemStyle: { color: entry.model ? palette.series[index] : palette.other },
        data: [...entry.values],
      })),
    });
  });

  #full(value: number, measure: Measure): string {
    return measure === "quota" ? this.#format.money(value) : this.#format.integer(value);
  }

  #short(value: number, measure: Measure, decimals: number | undefined): string {
    if (measure !== "quota") return this.#format.compact(value);
    return decimals === undefined
      ? this.#format.moneyCompact(value)
      : this.#format.moneyFixed(value, decimals);
  }
}

function axisLabel(start: number, window: Window): string {
  const text = formatTimestamp(start);
  return window === "24h" ? text.slice(11, 16) : text.slice(5, window === "7d" ? 16 : 10);
}

/** Picks the first bucket of every local day. */
function startsDay(buckets: readonly number[]): (index: number) => boolean {
  const days = buckets.map((start) => formatTimestamp(start).slice(0, 10));
  return (index) => index > 0 && days[index] !== days[index - 1];
}

function dayOf(label: string): string {
  return label.slice(0, 5);
}

function legendOf(palette: Palette): ChartOption["legend"] {
  return {
    bottom: 0,
    left: 0,
    type: "scroll",
    icon: "roundRect",
    itemWidth: 10,
    itemHeight: 10,
    itemGap: 16,
    textStyle: { color: palette.muted, fontSize: 12 },
    pageTextStyle: { color: palette.muted },
    pageIconColor: palette.muted,
  };
}

/** Buckets from left to right; a week of them is labelled by its days. */
function timeAxis(
  palette: Palette,
  buckets: readonly number[],
  window: Window,
): ChartOption["xAxis"] {
  return {
    type: "category",
    data: buckets.map((start) => axisLabel(start, window)),
    axisLine: { lineStyle: { color: palette.line } },
    axisTick: { show: false },
    axisLabel: {
      color: palette.muted,
      fontSize: 11,
      hideOverlap: true,
      ...(window === "7d" ? { interval: startsDay(buckets), formatter: dayOf } : {}),
    },
  };
}
