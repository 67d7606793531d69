import { Component, input } from "@angular/core";
import { RouterLink } from "@angular/router";
import { Sparkline } from "#ui/sparkline";

/** One number with its shape over the window; leads to the rows behind it. */
@Component({
  selector: "tg-stat-card",
  imports: [RouterLink, Sparkline],
  template: `<a class="card" [routerLink]="link()" [queryParams]="query()">
    <span class="label">{{ label() }}</span>
    <span class="value" [title]="full()">{{ value() }}</span>
    <span class="note">{{ note() }}</span>
    @if (extra()) {
      <span class="note">{{ extra() }}</span>
    }
    @if (shape().length > 1) {
      <tg-sparkline [values]="shape()" />
    }
  </a>`,
  styles: `
    .card {
      display: flex;
      flex-direction: column;
      height: 100%;
      padding: 12px 16px;
      color: var(--text);
      overflow: hidden;
    }
    .card:hover {
      border-color: var(--line-strong);
      text-decoration: none;
    }
    .label,
    .note {
      color: var(--muted);
      font-size: 12px;
      line-height: 16px;
    }
    .value {
      margin-top: 4px;
      font-size: 24px;
      line-height: 32px;
      font-weight: 600;
      letter-spacing: -0.02em;
    }
    .note {
      min-height: 16px;
    }
    tg-sparkline {
      margin: auto -16px -12px;
      padding-top: 8px;
      height: 44px;
    }
  `,
})
export class StatCard {
  readonly label = input.required<string>();
  readonly value = input.required<string>();
  readonly full = input("");
  readonly note = input("");
  readonly extra = input("");
  readonly shape = input<readonly number[]>([]);
  readonly link = input.required<string>();
  readonly query = input<Readonly<Record<string, string>>>({});
}
