/**
 * Schedules. Each time one is due, Redis hands out one tick to one scheduler, however many there are; the tick then starts the job
 * like anybody else does, so that a schedule never doubles a job that somebody started by hand.
 */
import type { Logger } from "@tollgate/kit/logging/logger";
import type { RedisClient } from "@tollgate/kit/redis/connect-redis";
import { Queue, Worker } from "bullmq";
import { isRoutine, jobKinds } from "#jobs/job.ts";
import type { JobKind } from "#jobs/job.ts";
import type { JobQueue } from "../job-queue.ts";

/** What schedules need. */
export interface TicksOptions {
  readonly commands: RedisClient;
  readonly working: RedisClient;
  readonly prefix: string;
  readonly start: JobQueue["start"];
  readonly logger: Logger;
}

/** The schedules of all kinds. */
export interface Ticks {
  readonly set: (kind: JobKind, everyMs: number | undefined) => Promise<void>;
  readonly close: () => Promise<void>;
}

const ticksName = "ticks";

/** Opens the schedules. */
export function createTicks({ commands, working, prefix, start, logger }: TicksOptions): Ticks {
  const queue = new Queue(ticksName, { connection: commands, prefix });
  const worker = new Worker(
    ticksName,
    async ({ name }) => {
      const kind = jobKinds.find((known) => known === name);
      if (kind === undefined) {
        logger.warn({ kind: name }, "schedule of an unknown kind");
        return;
      }
      const outcome = await start({ kind, onlyDisabled: false, requestedBy: "schedule" });
      if (!isRoutine(kind)) {
        logger.info({ kind, jobId: outcome.job.id, outcome: outcome.kind }, "schedule fired");
      }
    },
    { connection: working, prefix },
  );
  const warn = (error: Error): void => logger.warn({ err: error }, "schedules failed");
  queue.on("error", warn);
  worker.on("error", warn);
  return {
    set: async (kind, everyMs) => {
      if (everyMs === undefined) {
        await queue.removeJobScheduler(kind);
        return;
      }
      const present = await queue.getJobScheduler(kind);
      if (present?.every === everyMs) {
        // Setting it again at each start of a scheduler would put the next tick off for ever.
        return;
      }
      // The first tick comes after one interval, as One API's does, not at once.
      const startDate = Date.now() + everyMs;
      const opts = { removeOnComplete: true, removeOnFail: true };
      await queue.upsertJobScheduler(kind, { every: everyMs, startDate }, { name: kind, opts });
    },
    close: async () => {
      await worker.close();
      await queue.close();
    },
  };
}
