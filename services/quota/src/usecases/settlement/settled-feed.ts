import type { SettledCall } from "#domain/settled-call.ts";

/** The calls that this process has just committed, for live views. Nothing is kept for a listener that comes late. */
export interface SettledFeed {
  readonly publish: (calls: readonly SettledCall[]) => void;
  /** Listeners must be quick and must not throw. Returns what ends the subscription. */
  readonly subscribe: (listener: (calls: readonly SettledCall[]) => void) => () => void;
}

/** Makes a feed without listeners. */
export function createSettledFeed(): SettledFeed {
  const listeners = new Set<(calls: readonly SettledCall[]) => void>();
  return {
    publish(calls) {
      for (const listener of listeners) {
        listener(calls);
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
