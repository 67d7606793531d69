import type { Activity, LogRow } from "#domain/log-entry.ts";
import type { ActivityFeed } from "#usecases/identity/identity-ports.ts";
import type { SettledFeed } from "#usecases/settlement/settled-feed.ts";

/** What {@link createWatchLog} needs. */
export interface WatchLogPorts {
  readonly settled: Pick<SettledFeed, "subscribe">;
  readonly feed: Pick<ActivityFeed, "subscribe">;
}

/** New log rows of a user (undefined = all) until the signal ends it. A watcher that is too slow misses rows. */
export type WatchLog = (
  userId: number | undefined,
  signal: AbortSignal,
) => AsyncGenerator<LogRow, void, undefined>;

/** Rows that wait for one watcher; later ones are skipped, so that nobody's slow screen costs memory. */
const waitingMax = 256;

export function createWatchLog({ settled, feed }: WatchLogPorts): WatchLog {
  return async function* watchLog(userId, signal) {
    const waiting: LogRow[] = [];
    let wake = (): void => undefined;
    const offer = (row: LogRow, owner: number): void => {
      if ((userId === undefined || owner === userId) && waiting.length < waitingMax) {
        waiting.push(row);
        wake();
      }
    };
    const unsubscribes = [
      settled.subscribe((calls) => {
        calls.forEach((call) => offer({ source: "usage", call }, call.userId));
      }),
      feed.subscribe((activity) => offer({ source: "activity", activity }, activity.userId)),
    ];
    const stop = (): void => wake();
    signal.addEventListener("abort", stop);
    try {
      while (!signal.aborted) {
        yield* waiting.splice(0);
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (waiting.length > 0 || signal.aborted) {
            resolve();
          }
        });
      }
    } finally {
      signal.removeEventListener("abort", stop);
      unsubscribes.forEach((unsubscribe) => unsubscribe());
    }
  };
}

/** Makes a feed without listeners. */
export function createActivityFeed(): ActivityFeed {
  const listeners = new Set<(activity: Activity) => void>();
  return {
    publish: (activity) => listeners.forEach((listener) => listener(activity)),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
