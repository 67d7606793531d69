import type { Clock } from "@tollgate/kit/clock/clock";
import type { Logger } from "@tollgate/kit/logging/logger";
import type { LeaseStore } from "#usecases/money-ports.ts";
import type { SettledBatchStore } from "#usecases/settlement/settled-batch-ports.ts";

/** What {@link startPruningLeases} needs. */
export interface PruneLeasesPorts {
  readonly leases: Pick<LeaseStore, "removeReleasedBefore">;
  readonly batches: Pick<SettledBatchStore, "removeBefore">;
  readonly clock: Pick<Clock, "nowMs" | "setInterval">;
  readonly logger: Pick<Logger, "warn">;
}

const everyMs = 600_000;
const rowsMax = 2000;
// Each shipment of each relay makes one; on SQLite so many are gone in some hundredths of a second.
const batchesMax = 20_000;
// Relays keep their journals for three days, so no record of an older lease can still arrive from a journal in order.
const keepMs = 7 * 86_400_000;

/** Removes leases that were released a week ago and notes of settlements as old, a bounded number at a time. Answers what ends it. */
export function startPruningLeases(ports: PruneLeasesPorts): () => void {
  const { leases, batches, clock, logger } = ports;
  const prune = async (): Promise<void> => {
    const beforeMs = clock.nowMs() - keepMs;
    await leases.removeReleasedBefore(beforeMs, rowsMax);
    await batches.removeBefore(beforeMs, batchesMax);
  };
  const timer = clock.setInterval(() => {
    prune().catch((error: unknown) => {
      // Housekeeping: the next round tries again.
      logger.warn({ err: error }, "old leases cannot be removed");
    });
  }, everyMs);
  return () => timer.cancel();
}
