import { adminFaults } from "#faults.ts";

/** Bounds how many live streams there are. */
export interface StreamCounter {
  /** Counts one more stream of a user. Throws STREAMS_EXHAUSTED; otherwise returns what to call when it ends. */
  take(userId: bigint): () => void;
}

/** Makes a counter with a bound for each user and one for all. */
export function createStreamCounter(bounds: {
  readonly perUserMax: number;
  readonly totalMax: number;
}): StreamCounter {
  const ofUser = new Map<bigint, number>();
  let total = 0;
  return {
    take(userId) {
      const own = ofUser.get(userId) ?? 0;
      if (own >= bounds.perUserMax || total >= bounds.totalMax) {
        throw adminFaults.fault("STREAMS_EXHAUSTED");
      }
      ofUser.set(userId, own + 1);
      total += 1;
      return () => {
        const left = (ofUser.get(userId) ?? 1) - 1;
        total -= 1;
        if (left === 0) {
          ofUser.delete(userId);
        } else {
          ofUser.set(userId, left);
        }
      };
    },
  };
}
