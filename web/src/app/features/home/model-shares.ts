import { Component, computed, inject, input } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import { Format } from "#core/format/format";
import { type Measure, type ModelSeries, sum } from "./usage-series";

/** The biggest models with their share, in the colours of the chart. */
@Component({
  selector: "tg-model-shares",
  imports: [TranslocoDirective],
  template: `<section class="card stack" *transloco="let t" [attr.aria-label]="t('home.shares')">
    <h2>{{ t("home.shares") }}</h2>
    <ul>
      @for (entry of series(); track entry.model; let index = $index) {
        <li>
          <span class="mono truncate">{{ entry.model || t("home.other") }}</span>
          <span class="tabular">{{ show(entry.total) }}</span>
          <span class="muted tabular">{{ format.percent(entry.total, whole()) }}</span>
          <span class="bar">
            <span
              [style.width.%]="(entry.total / whole()) * 100"
              [style.background]="'var(--series-' + (entry.model ? index + 1 : 'other') + ')'"
            ></span>
          </span>
        </li>
      } @empty {
        <li class="muted">{{ t("home.nothing") }}</li>
      }
    </ul>
  </section>`,
  styles: `
    .card {
      height: 100%;
    }
    ul {
      display: flex;
      flex-direction: column;
      gap: 10px;
      margin: 0;
      padding: 0;
      list-style: none;
    }
    li {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto 56px;
      gap: 4px 12px;
    }
    li > :nth-child(3) {
      text-align: right;
    }
    .bar {
      grid-column: 1 / -1;
      height: 4px;
      overflow: hidden;
      border-radius: 2px;
      background: var(--neutral-tint);
    }
    .bar span {
      display: block;
      height: 100%;
    }
  `,
})
export class ModelShares {
  protected readonly format = inject(Format);
  readonly series = input.required<readonly ModelSeries[]>();
  readonly measure = input.required<Measure>();
  protected readonly whole = computed(() =>
    Math.max(1, sum(this.series().map((entry) => entry.total))),
  );

  protected show(value: number): string {
    return this.measure() === "quota" ? this.format.money(value) : this.format.integer(value);
  }
}
