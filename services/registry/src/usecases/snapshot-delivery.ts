/**
 * Knows how far every watcher has come. Whoever changed something is answered when the relays work by it: a call that follows the answer
 * finds the channel that was just made.
 */
import type { Clock } from "@tollgate/kit/clock/clock";

/** A relay that watches, as long as it does. */
export interface Watcher {
  /** It has applied the version or refused it; it will not think better of it. */
  readonly answered: (version: bigint) => void;
  readonly leave: () => void;
}

/** All who watch here. Relays of other replicas are not known. */
export interface SnapshotDelivery {
  readonly join: () => Watcher;
  /** Resolves when everybody who watches now has answered the version or left, and after half a second in any case. */
  readonly reached: (version: bigint) => Promise<void>;
}

/** A relay that hangs must not hold up an operator for longer. */
const answerWaitMs = 500;

/** Makes it, without watchers. */
export function createSnapshotDelivery(clock: Pick<Clock, "setTimeout">): SnapshotDelivery {
  const versions = new Map<Watcher, bigint>();
  const waiting = new Set<() => void>();
  const tell = (): void => waiting.forEach((look) => look());
  return {
    join: () => {
      const watcher: Watcher = {
        answered: (version) => {
          versions.set(watcher, version);
          tell();
        },
        leave: () => {
          versions.delete(watcher);
          tell();
        },
      };
      versions.set(watcher, -1n);
      return watcher;
    },
    reached: async (version) => {
      const isBehind = (watcher: Watcher): boolean => (versions.get(watcher) ?? version) < version;
      const behind = [...versions.keys()].filter(isBehind);
      if (behind.length === 0) {
        return;
      }
      await new Promise<void>((resolve) => {
        const finish = (): void => {
          timer.cancel();
          waiting.delete(look);
          resolve();
        };
        const look = (): void => {
          if (!behind.some(isBehind)) {
            finish();
          }
        };
        const timer = clock.setTimeout(finish, answerWaitMs);
        waiting.add(look);
      });
    },
  };
}
