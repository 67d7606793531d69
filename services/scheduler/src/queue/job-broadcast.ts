import { schedulerFaults } from "#jobs/faults.ts";
import type { Job } from "#jobs/job.ts";

/** Tells watchers of this process about jobs. A slow watcher gets only the latest state of each job. */
export interface JobBroadcast {
  readonly publish: (job: Job) => void;
  /** `first` is what the watcher gets before any change. Throws WATCHERS_EXHAUSTED, and STOPPING once closed. */
  readonly watch: (
    signal: AbortSignal,
    first: () => Promise<readonly Job[]>,
  ) => AsyncGenerator<Job, void, undefined>;
  readonly close: () => void;
}

const watchersMax = 1000;

interface Watcher {
  readonly latest: Map<string, Job>;
  wake: () => void;
}

/** Makes a broadcast without watchers. */
export function createJobBroadcast(): JobBroadcast {
  const watchers = new Set<Watcher>();
  const closing = new AbortController();
  return {
    publish: (job) => {
      for (const watcher of watchers) {
        // Deleted first: the map then hands jobs out in the order of their changes.
        watcher.latest.delete(job.id);
        watcher.latest.set(job.id, job);
        watcher.wake();
      }
    },
    async *watch(signal, first) {
      if (watchers.size >= watchersMax) {
        throw schedulerFaults.fault("WATCHERS_EXHAUSTED", { retryAfterMs: 5000 });
      }
      const watcher: Watcher = { latest: new Map(), wake: () => undefined };
      const ended = AbortSignal.any([signal, closing.signal]);
      watchers.add(watcher);
      try {
        for (const job of await first()) {
          if (!watcher.latest.has(job.id)) {
            yield job;
          }
        }
        yield* changes(watcher, ended);
      } finally {
        watchers.delete(watcher);
      }
      if (closing.signal.aborted && !signal.aborted) {
        throw schedulerFaults.fault("STOPPING");
      }
    },
    close: () => closing.abort(),
  };
}

async function* changes(
  watcher: Watcher,
  ended: AbortSignal,
): AsyncGenerator<Job, void, undefined> {
  while (!ended.aborted) {
    const [next] = watcher.latest.values();
    if (next === undefined) {
      await new Promise<void>((resolve) => {
        watcher.wake = () => {
          ended.removeEventListener("abort", watcher.wake);
          resolve();
        };
        ended.addEventListener("abort", watcher.wake);
      });
    } else {
      watcher.latest.delete(next.id);
      yield next;
    }
  }
}
