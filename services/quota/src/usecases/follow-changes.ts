import type { Clock } from "@tollgate/kit/clock/clock";
import type { Logger } from "@tollgate/kit/logging/logger";
import type { Change, Changes } from "./changes.ts";
import type { ChangeStore } from "./money-ports.ts";
import type { Tx } from "./transaction.ts";

/** What {@link followChanges} needs. */
export interface FollowChangesPorts {
  readonly store: ChangeStore;
  readonly clock: Clock;
  readonly logger: Pick<Logger, "warn">;
}

const pollMs = 500;
const rowsMax = 1000;
// Ids become visible in the order of commits, not of numbers: a row up to this many behind the newest may still appear.
const lookBack = 256;
const keepMs = 3_600_000;
const cleanEveryMs = 600_000;
// A row's payload is bounded, so long lists become several rows.
const idsPerRow = 150;
const recallsPerRow = 25;

/** Follows the changes of all replicas from now on. */
export async function followChanges(ports: FollowChangesPorts): Promise<Changes> {
  const { store, clock, logger } = ports;
  const listeners = new Set<(change: Change) => void>();
  let lastId = await store.findLastId();
  // Everything up to the start is old news.
  let seen = new Set(Array.from({ length: lookBack }, (_, index) => lastId - index));
  let running: Promise<void> | undefined;

  async function deliverNew(): Promise<void> {
    const rows = await store.readAfter(Math.max(0, lastId - lookBack), rowsMax);
    for (const { id, change } of rows) {
      if (!seen.has(id)) {
        seen.add(id);
        lastId = Math.max(lastId, id);
        for (const listener of listeners) {
          listener(change);
        }
      }
    }
    seen = new Set([...seen].filter((id) => id > lastId - lookBack));
  }

  /** One read at a time; a call during a read waits for it and reads again, so that it misses nothing. */
  async function flush(): Promise<void> {
    await running;
    running ??= deliverNew().finally(() => {
      running = undefined;
    });
    await running;
  }

  const quietly = (work: () => Promise<void>) => () => {
    work().catch((error: unknown) => {
      // The next round tries again.
      logger.warn({ err: error }, "changes cannot be followed");
    });
  };
  const timers = [
    clock.setInterval(quietly(flush), pollMs),
    clock.setInterval(
      quietly(async () => store.removeBefore(clock.nowMs() - keepMs)),
      cleanEveryMs,
    ),
  ];
  return {
    notify: async (change, tx) => writeChange(ports, change, tx),
    flush,
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    close() {
      timers.forEach((timer) => timer.cancel());
      listeners.clear();
    },
  };
}

async function writeChange(
  { store, clock }: FollowChangesPorts,
  change: Change,
  tx: Tx | undefined,
): Promise<void> {
  for (const part of splitChange(change)) {
    await store.insert(part, clock.nowMs(), tx);
  }
}

function splitChange(change: Change): readonly Change[] {
  const { keyIds = [], userIds = [], filledUserIds = [], recalls = [], ...rest } = change;
  return [
    ...chunksOf(keyIds, idsPerRow).map((ids) => ({ keyIds: ids })),
    ...chunksOf(userIds, idsPerRow).map((ids) => ({ userIds: ids })),
    ...chunksOf(filledUserIds, idsPerRow).map((ids) => ({ filledUserIds: ids })),
    ...chunksOf(recalls, recallsPerRow).map((notices) => ({ recalls: notices })),
    ...(Object.keys(rest).length > 0 ? [rest] : []),
  ];
}

function chunksOf<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
