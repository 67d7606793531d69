import { Component, computed, input } from "@angular/core";

const WIDTH = 96;
const HEIGHT = 24;

/** The shape of a series in one line; the number beside it carries the meaning. */
@Component({
  selector: "tg-sparkline",
  template: `<svg
    aria-hidden="true"
    preserveAspectRatio="none"
    [attr.viewBox]="'0 0 ' + width + ' ' + height"
  >
    <path class="area" [attr.d]="area()" />
    <path class="line" [attr.d]="line()" vector-effect="non-scaling-stroke" />
  </svg>`,
  styles: `
    :host {
      display: block;
      height: 28px;
    }
    svg {
      display: block;
      width: 100%;
      height: 100%;
      overflow: visible;
    }
    .line {
      fill: none;
      stroke: var(--series-1);
      stroke-width: 1.5;
    }
    .area {
      fill: color-mix(in srgb, var(--series-1) 12%, transparent);
    }
  `,
})
export class Sparkline {
  readonly values = input.required<readonly number[]>();
  protected readonly width = WIDTH;
  protected readonly height = HEIGHT;
  protected readonly line = computed(() => {
    const values = this.values();
    const top = Math.max(1e-9, ...values);
    const step = WIDTH / Math.max(1, values.length - 1);
    return values
      .map((value, index) => {
        const y = HEIGHT - 1 - (value / top) * (HEIGHT - 2);
        return `${index === 0 ? "M" : "L"}${(index * step).toFixed(1)} ${y.toFixed(1)}`;
      })
      .join("");
  });
  protected readonly area = computed(() =>
    this.line() === "" ? "" : `${this.line()}L${WIDTH} ${HEIGHT}L0 ${HEIGHT}Z`,
  );
}
