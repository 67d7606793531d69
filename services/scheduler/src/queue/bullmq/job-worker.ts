import type { Clock } from "@tollgate/kit/clock/clock";
import { isFault } from "@tollgate/kit/fault/fault";
import type { Logger } from "@tollgate/kit/logging/logger";
import type { RedisClient } from "@tollgate/kit/redis/connect-redis";
import { UnrecoverableError, WaitingError, Worker } from "bullmq";
import { jobKinds } from "#jobs/job.ts";
import type { RunJob } from "#jobs/job-control.ts";
import type { CancelFlags } from "./cancel-flags.ts";
import type { JobReturn, JobData, StoredJob } from "./job-record.ts";
import { readOrder, readProgress } from "./job-record.ts";

/** What the worker needs. */
export interface JobWorkerOptions {
  readonly name: string;
  readonly prefix: string;
  readonly connection: RedisClient;
  readonly runJob: RunJob;
  readonly flags: CancelFlags;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly timing: { readonly lockMs: number; readonly lostCheckMs: number };
}

/** A running worker. */
export interface JobWorker {
  /** Hands its jobs over to other schedulers once the items under way have ended. */
  readonly close: (deadline: AbortSignal) => Promise<void>;
}

const cancelPollMs = 500;
// How often a job may lose its scheduler before it counts as broken.
const lossesMax = 20;

/** Takes jobs from the queue and runs them, one of each kind at a time. */
export function startJobWorker(options: JobWorkerOptions): JobWorker {
  const { name, prefix, connection, timing, logger } = options;
  const stopping = new AbortController();
  const abandoned = new AbortController();
  const worker = new Worker<JobData, JobReturn>(
    name,
    async (job, token) =>
      runStoredJob(
        { ...options, stopping: stopping.signal, abandoned: abandoned.signal },
        job,
        token,
      ),
    {
      connection,
      prefix,
      concurrency: jobKinds.length,
      lockDuration: timing.lockMs,
      stalledInterval: timing.lostCheckMs,
      maxStalledCount: lossesMax,
    },
  );
  worker.on("error", (error) => logger.warn({ err: error }, "job worker failed"));
  return {
    close: async (deadline) => {
      // First no new jobs, then the end of those under way.
      const closed = worker.close();
      stopping.abort();
      const abandon = (): void => abandoned.abort();
      deadline.addEventListener("abort", abandon);
      if (deadline.aborted) {
        abandon();
      }
      await closed;
      deadline.removeEventListener("abort", abandon);
    },
  };
}

interface RunOptions extends Pick<JobWorkerOptions, "runJob" | "flags" | "clock" | "logger"> {
  readonly stopping: AbortSignal;
  readonly abandoned: AbortSignal;
}

async function runStoredJob(
  options: RunOptions,
  job: StoredJob,
  token: string | undefined,
): Promise<JobReturn> {
  const { runJob, clock, logger, stopping, abandoned } = options;
  if (stopping.aborted) {
    // Fetched while the worker was told to stop, perhaps the very job that was just handed over.
    return handOver(job, token);
  }
  const { checkpoint, startedAtMs: firstStartMs } = readProgress(job);
  const startedAtMs = firstStartMs === 0 ? clock.nowMs() : firstStartMs;
  using cancel = await watchCancelFlag(options, job.id ?? "");
  try {
    const { kind } = await runJob(readOrder(job), {
      cancelled: cancel.signal,
      stopping,
      abandoned,
      resumeFrom: checkpoint,
      report: async (progress) => job.updateProgress({ ...progress, startedAtMs }),
    });
    switch (kind) {
      case "done":
        return { outcome: "done" };
      case "cancelled":
        return { outcome: "cancelled" };
      case "interrupted":
        return await handOver(job, token);
    }
  } catch (error) {
    if (error instanceof WaitingError) {
      throw error;
    }
    // Translates at the edge of the queue: what is stored is read by people, so it must be a public sentence.
    logger.error({ err: error, jobId: job.id, kind: job.name }, "job failed");
    const message = isFault(error) ? error.publicMessage : "Something went wrong on our side.";
    throw new UnrecoverableError(message);
  }
}

/** Puts the job back for another scheduler. */
async function handOver(job: StoredJob, token: string | undefined): Promise<never> {
  await job.moveToWait(token);
  throw new WaitingError();
}

interface CancelWatch extends Disposable {
  readonly signal: AbortSignal;
}

/** Looks at the flag now and then, because the wish to cancel may come to another scheduler. */
async function watchCancelFlag(
  { flags, clock, logger }: RunOptions,
  jobId: string,
): Promise<CancelWatch> {
  const cancelled = new AbortController();
  const look = async (): Promise<void> => {
    try {
      if (await flags.isRaised(jobId)) {
        cancelled.abort();
      }
    } catch (error) {
      // The next look comes soon.
      logger.warn({ err: error, jobId }, "cancel flag not read");
    }
  };
  await look();
  const timer = clock.setInterval(() => void look(), cancelPollMs);
  return { signal: cancelled.signal, [Symbol.dispose]: () => timer.cancel() };
}
