import { Component, computed, inject, resource, signal } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import { Api } from "#core/api/api";
import { toFault } from "#core/api/fault";
import { Format } from "#core/format/format";
import { Session } from "#core/session/session";
import { FaultNotice } from "#ui/fault-notice";
import { StatCard } from "../stat-card";
import { FirstSteps } from "../first-steps";
import { ModelShares } from "../model-shares";
import { RecentCalls } from "../recent-calls";
import { UsageCard } from "../usage-card/usage-card";
import {
  type Measure,
  type UsageSeries,
  type Window,
  bucketsOf,
  byModel,
  overTime,
  sum,
} from "../usage-series";

/** One's own balance and use at a glance. */
@Component({
  selector: "tg-home-page",
  imports: [
    FaultNotice,
    FirstSteps,
    ModelShares,
    RecentCalls,
    StatCard,
    TranslocoDirective,
    UsageCard,
  ],
  templateUrl: "./home-page.component.html",
  styleUrl: "./home-page.scss",
})
export class HomePage {
  readonly #api = inject(Api);
  protected readonly session = inject(Session);
  protected readonly format = inject(Format);
  protected readonly windows: readonly Window[] = ["24h", "7d", "30d"];
  protected readonly window = signal<Window>("7d");
  protected readonly measure = signal<Measure>("quota");
  protected readonly usage = resource({
    params: () => this.window(),
    loader: ({ params, abortSignal }) =>
      this.#api.get<UsageSeries>("/api/user/dashboard/series", { window: params }, abortSignal),
  });
  protected readonly fault = computed(() =>
    this.usage.error() ? toFault(this.usage.error()) : undefined,
  );
  readonly #series = computed<UsageSeries>(() =>
    this.usage.hasValue() ? this.usage.value() : { bucket_seconds: 3_600, points: [] },
  );
  readonly #points = computed(() => this.#series().points);
  protected readonly buckets = computed(() =>
    bucketsOf(this.#series(), this.window(), Date.now() / 1000),
  );
  protected readonly models = computed(() =>
    byModel(this.#points(), this.buckets(), this.measure()),
  );
  protected readonly quota = computed(() =>
    overTime(this.#points(), this.buckets(), (p) => p.quota),
  );
  protected readonly requests = computed(() =>
    overTime(this.#points(), this.buckets(), (point) => point.requests),
  );
  protected readonly tokens = computed(() =>
    overTime(this.#points(), this.buckets(), (p) => p.prompt_tokens + p.completion_tokens),
  );
  protected readonly errors = computed(() => sum(this.#points().map((point) => point.errors)));
  protected readonly sum = sum;
  protected readonly isNew = computed(
    () =>
      this.usage.hasValue() && this.#points().length === 0 && !this.session.viewer()?.request_count,
  );
  /** Days that the balance lasts at the window's pace; undefined when nothing is spent. */
  protected readonly runway = computed(() => {
    const days = { "24h": 1, "7d": 7, "30d": 30 }[this.window()];
    const perDay = sum(this.quota()) / days;
    const balance = this.session.viewer()?.quota ?? 0;
    const left = perDay > 0 ? Math.floor(balance / perDay) : undefined;
    return left !== undefined && left < 3_650 ? left : undefined;
  });

  constructor() {
    // The balance in the header and here changes with every call.
    void this.session.freshen();
  }
}
