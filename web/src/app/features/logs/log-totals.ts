import { Component, inject, input } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import { Format } from "#core/format/format";
import type { LogTotals } from "./log";

/** Sums over the whole filter, not over the page. */
@Component({
  selector: "tg-log-totals",
  imports: [TranslocoDirective],
  template: `<dl class="strip" *transloco="let t">
    @let sums = totals();
    <div>
      <dt>{{ t("logs.cost") }}</dt>
      <dd>{{ sums ? format.money(sums.quota) : "–" }}</dd>
    </div>
    @if (sums?.requests !== undefined) {
      <div>
        <dt>{{ t("logs.requests") }}</dt>
        <dd>{{ format.integer(sums.requests) }}</dd>
      </div>
    }
    @if (sums?.tokens !== undefined) {
      <div>
        <dt>{{ t("logs.tokens") }}</dt>
        <dd>{{ format.integer(sums.tokens) }}</dd>
      </div>
    }
    @if (sums?.rpm !== undefined) {
      <div>
        <dt>RPM</dt>
        <dd>{{ format.integer(sums.rpm) }}</dd>
      </div>
    }
    @if (sums?.tpm !== undefined) {
      <div>
        <dt>TPM</dt>
        <dd>{{ format.integer(sums.tpm) }}</dd>
      </div>
    }
  </dl>`,
  styles: `
    .strip {
      display: flex;
      flex-wrap: wrap;
      gap: 8px 32px;
      min-height: 40px;
    }
    dt {
      color: var(--muted);
      font-size: 12px;
      line-height: 16px;
    }
    dd {
      font-size: 16px;
      line-height: 24px;
      font-weight: 600;
      font-variant-numeric: tabular-nums;
    }
  `,
})
export class LogTotalsStrip {
  protected readonly format = inject(Format);
  readonly totals = input.required<LogTotals | undefined>();
}
