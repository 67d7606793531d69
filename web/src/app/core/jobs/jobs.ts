import { Service, computed, inject, signal } from "@angular/core";
import { Api } from "#core/api/api";
import { LiveStream, type Topic } from "#core/live/live-stream";

/** Long work of the server: a test of all channels, a refresh of all balances. */
export interface Job {
  readonly id: string | number;
  readonly kind: string;
  readonly status: string;
  readonly done: number;
  readonly total: number;
  readonly ok: number;
  readonly failed: number;
  readonly started_at: number;
  readonly finished_at?: number | null;
  readonly message?: string;
}

const JOB_EVENTS: Topic<Job> = { name: "job" };
const MOST = 20;
/** Comes every minute: worth a line only when it finds something. */
const ROUTINE = "reconcile_news";
const RUNNING: ReadonlySet<string> = new Set(["queued", "running", "waiting", "active"]);

/** The jobs that the tray shows, kept current by the event stream. */
@Service()
export class Jobs {
  readonly #api = inject(Api);
  readonly #live = inject(LiveStream);
  readonly all = signal<readonly Job[]>([]);
  readonly running = computed(() => this.all().filter((job) => isRunning(job)));
  /** Counts up whenever a job ends, so that lists know that rows have changed. */
  readonly finished = signal(0);

  /** Hears of every change of a job until the returned function is called. */
  follow(): () => void {
    return this.#live.listen(JOB_EVENTS, (job) => this.#take(job));
  }

  async reload(): Promise<void> {
    const jobs = await this.#api.get<readonly Job[] | null>("/api/job/");
    this.all.set((jobs ?? []).slice(0, MOST));
  }

  async cancel(job: Job): Promise<void> {
    await this.#api.post(`/api/job/${job.id}/cancel`, {});
    await this.reload();
  }

  #take(job: Job): void {
    const before = this.all().find((other) => other.id === job.id);
    const quiet = job.kind === ROUTINE && job.failed === 0;
    if (!before && quiet) return;
    this.all.update((jobs) => {
      if (!before) return [job, ...jobs].slice(0, MOST);
      return jobs.map((other) => (other.id === job.id ? job : other));
    });
    if (!quiet && !isRunning(job) && (!before || isRunning(before)))
      this.finished.update((n) => n + 1);
  }
}

export function isRunning(job: Job): boolean {
  return RUNNING.has(job.status);
}
