import { Service, inject, signal } from "@angular/core";
import { Api } from "#core/api/api";
import { toFault } from "#core/api/fault";
import { Format } from "#core/format/format";
import { Locale } from "#core/i18n/locale";
import { Toasts } from "#ui/toast/toasts";
import type { CheckRun } from "./check";

/** The server lets a run take a minute at most. */
const DEADLINE_MS = 65_000;

/** Runs checks of the books and says what they found; nothing is repaired. */
@Service({ autoProvided: false })
export class CheckRunner {
  readonly #api = inject(Api);
  readonly #format = inject(Format);
  readonly #locale = inject(Locale);
  readonly #toasts = inject(Toasts);
  /** Checks that run at this moment. */
  readonly running = signal<ReadonlySet<string>>(new Set());

  /** One after another, so that the books are not read by all of them at once. */
  async run(jobs: readonly string[]): Promise<void> {
    const fresh = jobs.filter((job) => !this.running().has(job));
    this.running.update((running) => new Set([...running, ...fresh]));
    for (const job of fresh) {
      await this.#runOne(job);
      this.running.update((running) => new Set([...running].filter((other) => other !== job)));
    }
  }

  async #runOne(job: string): Promise<void> {
    const name = this.#locale.translate(`checks.name.${job}`);
    try {
      const run = await this.#api.post<CheckRun>("/api/reconcile/run", { job }, DEADLINE_MS);
      const checked = this.#format.integer(run.checked);
      const count = this.#format.integer(run.violation_count);
      if (run.violation_count > 0) {
        this.#toasts.error(this.#locale.translate("checks.found", { name, count }));
      } else {
        this.#toasts.done(this.#locale.translate("checks.clean", { name, checked }));
      }
    } catch (error) {
      const fault = toFault(error);
      this.#toasts.error(`${name}: ${fault.message}`, fault.requestId);
    }
  }
}
