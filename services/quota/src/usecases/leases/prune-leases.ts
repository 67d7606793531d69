import type { Clock } from "@tollgate/kit/clock/clock";
import type { Logger } from "@tollgate/kit/logging/logger";
import type { LeaseStore } from "#usecases/money-ports.ts";

/** What {@link startPruningLeases} needs. */
export interface PruneLeasesPorts {
  readonly leases: Pick<LeaseStore, "removeReleasedBefore">;
  readonly clock: Pick<Clock, "nowMs" | "setInterval">;
  readonly logger: Pick<Logger, "warn">;
}

const everyMs = 600_000;
const rowsMax = 2000;
// Relays keep their journals for three days, so no record of an older lease can still arrive from a journal in order.
const keepMs = 7 * 86_400_000;

/** Removes leases that were released a week ago, a bounded number at a time. Answers what ends it. */
export function startPruningLeases({ leases, clock, logger }: PruneLeasesPorts): () => void {
  const timer = clock.setInterval(() => {
    leases.removeReleasedBefore(clock.nowMs() - keepMs, rowsMax).catch((error: unknown) => {
      // Housekeeping: the next round tries again.
      logger.warn({ err: error }, "old leases cannot be removed");
    });
  }, everyMs);
  return () => timer.cancel();
}
