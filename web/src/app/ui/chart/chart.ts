import {
  Component,
  DestroyRef,
  ElementRef,
  afterNextRender,
  effect,
  inject,
  input,
  signal,
} from "@angular/core";
import { BarChart, LineChart } from "echarts/charts";
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  TooltipComponent,
} from "echarts/components";
import { type EChartsType, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { Preferences } from "#core/preferences/preferences";
import { type Palette, readPalette } from "./palette";

use([
  AriaComponent,
  BarChart,
  CanvasRenderer,
  GridComponent,
  LegendComponent,
  LineChart,
  TooltipComponent,
]);

export type ChartOption = Parameters<EChartsType["setOption"]>[0];

const FONT = '400 12px "Inter Variable"';

/** Draws a chart in the colours of the theme; load it lazily, the library is heavy. */
@Component({
  selector: "tg-chart",
  template: "",
  host: { role: "img", "[attr.aria-label]": "label()" },
  styles: `
    :host {
      display: block;
      width: 100%;
      height: 260px;
    }
  `,
})
export class Chart {
  readonly #element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  readonly #theme = inject(Preferences).theme;
  readonly #chart = signal<EChartsType | undefined>(undefined);
  readonly #repaint = signal(0);
  #isGone = false;
  readonly label = input.required<string>();
  readonly build = input.required<(palette: Palette) => ChartOption>();

  constructor() {
    const destroyed = inject(DestroyRef);
    destroyed.onDestroy(() => (this.#isGone = true));
    // Texts are measured once, so the font must be there before the first painting; without it the fallback is measured.
    afterNextRender(() => {
      void Promise.allSettled([document.fonts.load(FONT)]).then(() => this.#open(destroyed));
    });
    // Leaves Angular: the chart library paints on its own canvas.
    effect(() => {
      this.#theme();
      this.#repaint();
      const build = this.build();
      // The attribute that carries the theme is set by an effect too; paint after it.
      queueMicrotask(() => this.#chart()?.setOption(build(readPalette(this.#element)), true));
      this.#chart();
    });
  }

  #open(destroyed: DestroyRef): void {
    if (this.#isGone) return;
    const chart = init(this.#element, null, { renderer: "canvas" });
    const observer = new ResizeObserver(() => chart.resize());
    const darkness = matchMedia("(prefers-color-scheme: dark)");
    const repaint = (): void => this.#repaint.update((count) => count + 1);
    observer.observe(this.#element);
    darkness.addEventListener("change", repaint);
    this.#chart.set(chart);
    destroyed.onDestroy(() => {
      observer.disconnect();
      darkness.removeEventListener("change", repaint);
      chart.dispose();
    });
  }
}
