/**
 * Jobs in Redis, shared by every scheduler that uses it. A job whose scheduler is lost goes on in another one, or in the same one
 * after its restart, from its checkpoint. Redis holds no truth: losing it loses jobs under way and the list of old ones.
 */
import { randomUUID } from "node:crypto";
import { Queue, QueueEvents } from "bullmq";
import type { Clock } from "@tollgate/kit/clock/clock";
import { platformFaults } from "@tollgate/kit/fault/fault";
import type { Logger } from "@tollgate/kit/logging/logger";
import type { RedisClient } from "@tollgate/kit/redis/connect-redis";
import { schedulerFaults } from "#jobs/faults.ts";
import { isFinished, isRoutine, keptJobs } from "#jobs/job.ts";
import type { Job, JobKind, JobOrder } from "#jobs/job.ts";
import type { RunJob } from "#jobs/job-control.ts";
import { createJobBroadcast } from "../job-broadcast.ts";
import type { JobQueue, StartOutcome } from "../job-queue.ts";
import { createCancelFlags } from "./cancel-flags.ts";
import type { CancelFlags } from "./cancel-flags.ts";
import { startJobWorker } from "./job-worker.ts";
import type { JobData, JobReturn, StoredJob } from "./job-record.ts";
import { readJob } from "./job-record.ts";
import { untilRedisIsAway } from "./redis-outage.ts";
import { createTicks } from "./ticks.ts";

/** What the queue needs. */
export interface BullmqQueueOptions {
  /** A new connection each time; `isBlocking` for those that wait for work. The queue closes them. */
  readonly connect: (isBlocking: boolean) => RedisClient;
  readonly runJob: RunJob;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly timing?: QueueTiming;
}

/** How soon a lost scheduler is noticed. */
export interface QueueTiming {
  /** A job whose scheduler was silent for this long is taken from it. */
  readonly lockMs: number;
  readonly lostCheckMs: number;
}

/** The common part of every key; the braces keep them together on one node of a cluster. */
const keyPrefix = "{tollgate-scheduler}";

const jobsName = "jobs";
const defaultTiming: QueueTiming = Object.freeze({ lockMs: 30_000, lostCheckMs: 15_000 });

// Also covers clocks that differ between Redis and us.
const overlapMs = 10_000;

type JobsQueue = Queue<JobData, JobReturn>;

/** Opens the queue; connects in the background and again after every loss. */
export function createBullmqQueue(options: BullmqQueueOptions): JobQueue {
  const { connect, logger, timing = defaultTiming } = options;
  const commands = watchErrors(connect(false), logger);
  const working = watchErrors(connect(true), logger);
  // Alone on its connection: while it waits for events, every other command there would wait too.
  const listening = watchErrors(connect(true), logger);
  const jobs: JobsQueue = new Queue(jobsName, { connection: commands, prefix: keyPrefix });
  const flags = createCancelFlags(commands, keyPrefix);
  const broadcast = createJobBroadcast();
  const start: JobQueue["start"] = async (order) => startJob(jobs, order);
  const events = followJobs({ connection: listening, logger, clock: options.clock }, async (id) => {
    const job = await findJob(jobs, id);
    if (job !== undefined) {
      broadcast.publish(job);
    }
  });
  const place = { name: jobsName, prefix: keyPrefix, connection: working };
  const worker = startJobWorker({ ...options, ...place, flags, timing });
  const ticks = createTicks({ commands, working, prefix: keyPrefix, start, logger });
  jobs.on("error", (error) => logger.warn({ err: error }, "job queue failed"));
  return {
    start: async (order) => reach(async () => start(order)),
    list: async () => reach(async () => listJobs(jobs)),
    find: async (id) => reach(async () => findJob(jobs, id)),
    cancel: async (id) => reach(async () => cancelJob(jobs, flags, id)),
    watch: (signal) =>
      broadcast.watch(signal, async () =>
        reach(async () => (await listJobs(jobs)).filter((job) => !isFinished(job))),
      ),
    schedule: ticks.set,
    isReady: () => commands.status === "ready",
    close: async (deadline) => {
      const ended = new AbortController();
      const closed = tell(logger, async () => {
        const enough = AbortSignal.any([deadline, ended.signal]);
        await Promise.all([ticks.close(), worker.close(enough)]);
        broadcast.close();
        await events.close();
        await jobs.close();
      });
      // BullMQ waits for Redis as long as it takes, to hand its jobs over; without Redis there is nobody to take them.
      await Promise.race([closed, untilRedisIsAway(commands, options.clock, ended.signal)]);
      ended.abort();
      for (const client of [commands, working, listening]) {
        client.disconnect();
      }
    },
  };
}

/** Closing goes on when nobody waits for it any more; what it meets then is told and changes nothing. */
async function tell(logger: Logger, close: () => Promise<void>): Promise<void> {
  try {
    await close();
  } catch (error) {
    logger.warn({ err: error }, "job queue not closed in order");
  }
}

/** Redis that cannot be reached is an outage of ours, whatever the client calls it. */
async function reach<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    throw schedulerFaults.fault("QUEUE_UNAVAILABLE", { cause: error, retryAfterMs: 1000 });
  }
}

async function startJob(jobs: JobsQueue, order: JobOrder): Promise<StartOutcome> {
  const { kind, onlyDisabled, requestedBy } = order;
  for (;;) {
    const jobId = randomUUID();
    // BullMQ holds the deduplication id from here until the job has ended, so that no two of a kind exist.
    const added = await jobs.add(
      kind,
      { onlyDisabled, requestedBy },
      {
        jobId,
        deduplication: { id: kind },
        removeOnComplete: { count: keptJobs },
        removeOnFail: { count: keptJobs },
      },
    );
    const id = added.id ?? jobId;
    const job = await findJob(jobs, id);
    if (id === jobId) {
      await forgetRoutine(jobs, kind);
      return { kind: "started", job: job ?? mustExist(readJob(added)) };
    }
    if (job !== undefined && !isFinished(job)) {
      return { kind: "running", job };
    }
    // The other one ended between the two commands, or was removed by hand.
    await jobs.removeDeduplicationKey(kind);
  }
}

/** Removes the finished jobs of a kind of which only the last is kept. */
async function forgetRoutine(jobs: JobsQueue, kind: JobKind): Promise<void> {
  if (!isRoutine(kind)) {
    return;
  }
  const finished = await jobs.getJobs(["completed", "failed"], 0, keptJobs - 1);
  await Promise.all(finished.filter(({ name }) => name === kind).map(async (job) => job.remove()));
}

async function listJobs(jobs: JobsQueue): Promise<readonly Job[]> {
  const states = ["active", "waiting", "delayed", "completed", "failed"] as const;
  const pages = await Promise.all(
    states.map(async (state) => jobs.getJobs([state], 0, keptJobs - 1)),
  );
  const stored = pages.flat().toSorted((left, right) => right.timestamp - left.timestamp);
  return stored.flatMap((job) => readJob(job) ?? []).slice(0, keptJobs);
}

async function findJob(jobs: JobsQueue, id: string): Promise<Job | undefined> {
  const stored: StoredJob | undefined = await jobs.getJob(id);
  return stored === undefined ? undefined : readJob(stored);
}

async function cancelJob(
  jobs: JobsQueue,
  flags: CancelFlags,
  id: string,
): Promise<Job | undefined> {
  const job = await findJob(jobs, id);
  if (job !== undefined && !isFinished(job)) {
    await flags.raise(id);
  }
  return job;
}

interface FollowOptions {
  readonly connection: RedisClient;
  readonly logger: Logger;
  readonly clock: Pick<Clock, "nowMs">;
}

/** Calls `changed` for each job that changes, in any scheduler; changes of one job while it runs are seen as one. */
function followJobs(
  { connection, logger, clock }: FollowOptions,
  changed: (id: string) => Promise<void>,
): { readonly close: () => Promise<void> } {
  // Not from "now": what happens between the first look of a watcher and our first read would be lost.
  const lastEventId = `${clock.nowMs() - overlapMs}-0`;
  const events = new QueueEvents(jobsName, { connection, prefix: keyPrefix, lastEventId });
  const dirty = new Set<string>();
  let isRunning = false;
  let isClosed = false;
  const drain = async (): Promise<void> => {
    isRunning = true;
    for (const id of dirty) {
      dirty.delete(id);
      if (isClosed) {
        continue;
      }
      try {
        await changed(id);
      } catch (error) {
        // A watcher misses one state and gets the next; the connection comes back by itself.
        logger.warn({ err: error, jobId: id }, "changed job not read");
      }
    }
    isRunning = false;
  };
  const note = ({ jobId }: { readonly jobId: string }): void => {
    dirty.add(jobId);
    if (!isRunning) {
      void drain();
    }
  };
  for (const event of ["added", "active", "waiting", "progress", "completed", "failed"] as const) {
    events.on(event, note);
  }
  events.on("error", (error) => logger.warn({ err: error }, "job events failed"));
  return {
    close: async () => {
      isClosed = true;
      await events.close();
    },
  };
}

function watchErrors(client: RedisClient, logger: Logger): RedisClient {
  client.on("error", (error: Error) => logger.warn({ err: error }, "redis connection failed"));
  return client;
}

function mustExist(job: Job | undefined): Job {
  if (job === undefined) {
    throw platformFaults.fault("INTERNAL");
  }
  return job;
}
