import { Component, computed, inject, resource } from "@angular/core";
import { RouterLink } from "@angular/router";
import { TranslocoDirective } from "@jsverse/transloco";
import { Api } from "#core/api/api";
import { type Charge, Format } from "#core/format/format";
import { Badge } from "#ui/badge";

interface Call extends Charge {
  readonly created_at: number;
  readonly model_name: string;
  readonly token_name: string;
  readonly elapsed_time: number;
  readonly status?: string;
}

const SHOWN = 8;

/** The latest calls; all of them are in the log. */
@Component({
  selector: "tg-recent-calls",
  imports: [Badge, RouterLink, TranslocoDirective],
  template: `<section class="card" *transloco="let t" [attr.aria-label]="t('home.recent')">
    <div class="row head">
      <h2 class="grow">{{ t("home.recent") }}</h2>
      <a routerLink="/console/logs">{{ t("home.allLogs") }}</a>
    </div>
    <table class="table">
      <caption class="visually-hidden">
        {{
          t("home.recent")
        }}
      </caption>
      <thead>
        <tr>
          <th scope="col">{{ t("logs.model") }}</th>
          <th scope="col">{{ t("logs.token") }}</th>
          <th scope="col" class="numeric">{{ t("logs.duration") }}</th>
          <th scope="col" class="numeric">{{ t("logs.cost") }}</th>
          <th scope="col" class="numeric">{{ t("logs.time") }}</th>
        </tr>
      </thead>
      <tbody>
        @for (call of shown(); track $index) {
          <tr>
            <th scope="row" class="mono">{{ call.model_name }}</th>
            <td>{{ call.token_name }}</td>
            <td class="numeric">{{ format.duration(call.elapsed_time) }}</td>
            <td class="numeric">
              @if (call.status === "error") {
                <tg-badge tone="bad" icon="circle-x">{{ t("logs.outcome.error") }}</tg-badge>
              } @else {
                {{ format.cost(call) }}
              }
            </td>
            <td class="numeric muted" [title]="format.timestamp(call.created_at)">
              {{ format.relative(call.created_at) }}
            </td>
          </tr>
        } @empty {
          <tr>
            <td colspan="5" class="muted">{{ calls.isLoading() ? "…" : t("home.nothing") }}</td>
          </tr>
        }
      </tbody>
    </table>
  </section>`,
  styles: `
    .card {
      height: 100%;
      padding: 0;
      overflow: hidden;
    }
    .head {
      padding: 12px 16px 8px;
    }
    .table {
      --row: 30px;
    }
    .table th:first-child,
    .table td:first-child {
      padding-left: 16px;
    }
    .table th:last-child,
    .table td:last-child {
      padding-right: 16px;
    }
  `,
})
export class RecentCalls {
  readonly #api = inject(Api);
  protected readonly format = inject(Format);
  protected readonly calls = resource({
    loader: ({ abortSignal }) =>
      this.#api.page<Call>("/api/log/self", { p: 0, page_size: SHOWN, type: 2 }, abortSignal),
  });
  protected readonly shown = computed(() =>
    this.calls.hasValue() ? this.calls.value().items.slice(0, SHOWN) : [],
  );
}
