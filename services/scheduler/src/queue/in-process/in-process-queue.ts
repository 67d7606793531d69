/** Jobs in this process only: nothing outlives it. For the standalone installation, which has no Redis. */
import { randomUUID } from "node:crypto";
import type { Clock, Timer } from "@tollgate/kit/clock/clock";
import { isFault } from "@tollgate/kit/fault/fault";
import type { Logger } from "@tollgate/kit/logging/logger";
import { isFinished, isRoutine, keptJobs, noCheckpoint, noProgress } from "#jobs/job.ts";
import type { Job, JobKind, JobOrder } from "#jobs/job.ts";
import type { RunJob } from "#jobs/job-control.ts";
import { createJobBroadcast } from "../job-broadcast.ts";
import type { JobBroadcast } from "../job-broadcast.ts";
import type { JobQueue } from "../job-queue.ts";

/** What the queue needs. */
export interface InProcessQueueOptions {
  readonly runJob: RunJob;
  readonly clock: Pick<Clock, "nowMs" | "setInterval">;
  readonly logger: Pick<Logger, "info" | "error">;
}

interface Entry {
  job: Job;
  readonly cancelled: AbortController;
}

interface Parts extends InProcessQueueOptions {
  /** In the order of their start. */
  readonly entries: Map<string, Entry>;
  readonly runs: Set<Promise<void>>;
  readonly broadcast: JobBroadcast;
  readonly stopping: AbortController;
  readonly abandoned: AbortController;
}

/** Makes an empty queue. */
export function createInProcessQueue(options: InProcessQueueOptions): JobQueue {
  const parts: Parts = {
    ...options,
    entries: new Map(),
    runs: new Set(),
    broadcast: createJobBroadcast(),
    stopping: new AbortController(),
    abandoned: new AbortController(),
  };
  const { entries, broadcast } = parts;
  const start: JobQueue["start"] = async (order) => {
    const unfinished = jobsOf(parts).find((job) => job.kind === order.kind && !isFinished(job));
    return unfinished === undefined
      ? { kind: "started", job: startJob(parts, order) }
      : { kind: "running", job: unfinished };
  };
  const schedules = createSchedules(parts, start);
  return {
    start,
    list: async () => jobsOf(parts).toReversed(),
    find: async (id) => entries.get(id)?.job,
    cancel: async (id) => {
      const entry = entries.get(id);
      if (entry !== undefined && !isFinished(entry.job)) {
        entry.cancelled.abort();
      }
      return entry?.job;
    },
    watch: (signal) =>
      broadcast.watch(signal, async () => jobsOf(parts).filter((job) => !isFinished(job))),
    schedule: async (kind, everyMs) => schedules.set(kind, everyMs),
    isReady: () => true,
    close: async (deadline) => {
      schedules.clear();
      parts.stopping.abort();
      const abandon = (): void => parts.abandoned.abort();
      deadline.addEventListener("abort", abandon);
      if (deadline.aborted) {
        abandon();
      }
      await Promise.all(parts.runs);
      deadline.removeEventListener("abort", abandon);
      broadcast.close();
    },
  };
}

function jobsOf({ entries }: Parts): Job[] {
  return [...entries.values()].map(({ job }) => job);
}

function startJob(parts: Parts, order: JobOrder): Job {
  const { entries, clock, broadcast, runs } = parts;
  const { checkpoint: _checkpoint, ...counts } = noProgress;
  const entry: Entry = {
    job: {
      ...counts,
      id: randomUUID(),
      kind: order.kind,
      status: "running",
      startedAtMs: clock.nowMs(),
      finishedAtMs: 0,
      requestedBy: order.requestedBy,
    },
    cancelled: new AbortController(),
  };
  forgetRoutine(entries, order.kind);
  entries.set(entry.job.id, entry);
  forgetOldest(entries);
  broadcast.publish(entry.job);
  const run = runEntry(parts, entry, order).finally(() => runs.delete(run));
  runs.add(run);
  return entry.job;
}

async function runEntry(parts: Parts, entry: Entry, order: JobOrder): Promise<void> {
  const { runJob, clock, logger, broadcast, stopping, abandoned } = parts;
  const change = (changes: Partial<Job>): void => {
    entry.job = { ...entry.job, ...changes };
    broadcast.publish(entry.job);
  };
  const finish = (changes: Partial<Job>): void =>
    change({ ...changes, finishedAtMs: clock.nowMs() });
  try {
    const { kind } = await runJob(order, {
      cancelled: entry.cancelled.signal,
      stopping: stopping.signal,
      abandoned: abandoned.signal,
      resumeFrom: noCheckpoint,
      report: async ({ checkpoint: _checkpoint, ...counts }) => change(counts),
    });
    switch (kind) {
      case "done":
        finish({ status: "done" });
        break;
      case "cancelled":
        finish({ status: "cancelled" });
        break;
      case "interrupted":
        finish({ status: "cancelled", message: "The scheduler was stopped." });
        break;
    }
  } catch (error) {
    // An edge: whoever asked has long gone, so the job says what went wrong.
    logger.error({ err: error, jobId: entry.job.id, kind: order.kind }, "job failed");
    const message = isFault(error) ? error.publicMessage : "Something went wrong on our side.";
    finish({ status: "failed", message });
  }
}

function createSchedules(
  { clock, logger }: Parts,
  start: JobQueue["start"],
): { set: (kind: JobKind, everyMs: number | undefined) => void; clear: () => void } {
  const timers = new Map<JobKind, Timer>();
  return {
    set: (kind, everyMs) => {
      timers.get(kind)?.cancel();
      timers.delete(kind);
      if (everyMs !== undefined) {
        const fire = async (): Promise<void> => {
          const outcome = await start({ kind, onlyDisabled: false, requestedBy: "schedule" });
          if (!isRoutine(kind)) {
            logger.info({ kind, jobId: outcome.job.id, outcome: outcome.kind }, "schedule fired");
          }
        };
        timers.set(
          kind,
          clock.setInterval(() => void fire(), everyMs),
        );
      }
    },
    clear: () => {
      for (const timer of timers.values()) {
        timer.cancel();
      }
      timers.clear();
    },
  };
}

/** Makes room for the next of a kind of which only the last is kept. */
function forgetRoutine(entries: Map<string, Entry>, kind: JobKind): void {
  for (const [id, { job }] of entries) {
    if (isRoutine(kind) && job.kind === kind && isFinished(job)) {
      entries.delete(id);
    }
  }
}

function forgetOldest(entries: Map<string, Entry>): void {
  for (const [id, { job }] of entries) {
    if (entries.size <= keptJobs) {
      return;
    }
    if (isFinished(job)) {
      entries.delete(id);
    }
  }
}
