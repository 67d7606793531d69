import type { Clock } from "@tollgate/kit/clock/clock";
import type { Logger } from "@tollgate/kit/logging/logger";
import { floorOf } from "#domain/log-window.ts";
import type { LogCopier, LogKeepingStore } from "./log-keeping-ports.ts";

/** What {@link startKeepingLog} needs. */
export interface KeepLogPorts {
  readonly logKeeping: LogKeepingStore;
  /** Absent = there is no log database. */
  readonly logCopier?: LogCopier | undefined;
  readonly clock: Pick<Clock, "nowMs" | "setInterval">;
  readonly logger: Pick<Logger, "info" | "warn">;
  /** 0 = for ever. */
  readonly logRetentionDays: number;
}

const everyMs = 3_600_000;
// A round that failed, perhaps because the log database was away, is not left until the next hour.
const againMs = 60_000;

/** One round: days to come, copies, days gone by. Running it twice at once, here or on another replica, does no harm. */
export async function keepLog(ports: KeepLogPorts): Promise<void> {
  const { logKeeping, logCopier, clock, logRetentionDays } = ports;
  const nowMs = clock.nowMs();
  await logKeeping.prepareDays(nowMs);
  await logCopier?.copy(nowMs);
  await logKeeping.raiseFloor(floorOf(nowMs, logRetentionDays));
  const { floorMs, droppedMs } = await logKeeping.readExtent();
  if (droppedMs < floorMs) {
    // From here on nothing is posted below the floor, so what is copied now is all.
    await logCopier?.complete(droppedMs, floorMs);
    await logKeeping.retire(floorMs);
    ports.logger.info({ before: new Date(floorMs).toISOString() }, "old calls leave the log");
  }
  await logKeeping.removeRetired();
}

/**
 * Keeps the log every hour, and a minute after a round that failed. Resolves when there is room for the days to come, while the
 * first round goes on; answers what ends it and resolves when nothing is under way any more.
 */
export async function startKeepingLog(ports: KeepLogPorts): Promise<() => Promise<void>> {
  let running: Promise<void> | undefined;
  let dueMs = 0;
  const round = async (): Promise<void> => {
    try {
      await keepLog(ports);
      dueMs = ports.clock.nowMs() + everyMs;
    } catch (error) {
      // Housekeeping: settlements go on without it, and the next round tries again.
      ports.logger.warn({ err: error }, "the log of calls cannot be kept in order");
    } finally {
      running = undefined;
    }
  };
  const timer = ports.clock.setInterval(() => {
    if (ports.clock.nowMs() >= dueMs) {
      running ??= round();
    }
  }, againMs);
  await ports.logKeeping.prepareDays(ports.clock.nowMs()).catch((error: unknown) => {
    // As above: what comes goes into the last partition, and the next round divides it.
    ports.logger.warn({ err: error }, "the log of calls has no room for the days to come");
  });
  running = round();
  return async () => {
    timer.cancel();
    await running;
  };
}
