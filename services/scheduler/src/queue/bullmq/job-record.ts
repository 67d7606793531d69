import type { Job as BullmqJob } from "bullmq";
import { z } from "zod";
import { jobKinds, noProgress } from "#jobs/job.ts";
import type { Job, JobOrder, JobProgress, JobStatus } from "#jobs/job.ts";

/** What is stored with a job when it is queued. The kind is BullMQ's name of the job. */
export interface JobData {
  readonly onlyDisabled: boolean;
  readonly requestedBy: string;
}

/** What is stored when it has ended well. */
export interface JobReturn {
  readonly outcome: "done" | "cancelled";
}

/** What is stored while it runs. */
export interface StoredProgress extends JobProgress {
  /** When the first run began; BullMQ's own time is that of the last. */
  readonly startedAtMs: number;
}

/** A job of our queue. */
export type StoredJob = BullmqJob<JobData, JobReturn>;

const count = z.number().int().min(0);

const checkpointSchema = z.object({
  afterId: count,
  done: count,
  succeeded: count,
  failed: count,
});

const progressSchema = z.object({
  done: count,
  total: count,
  succeeded: count,
  failed: count,
  message: z.string(),
  checkpoint: checkpointSchema,
  startedAtMs: count,
});

const kindSchema = z.enum(jobKinds);

/** The progress so far; a job without any is at its beginning. */
export function readProgress(job: StoredJob): StoredProgress {
  const parsed = progressSchema.safeParse(job.progress);
  return parsed.success ? parsed.data : { ...noProgress, startedAtMs: job.processedOn ?? 0 };
}

/** The order that a job came from. Throws for a job of a kind that this version does not know. */
export function readOrder(job: StoredJob): JobOrder {
  const { onlyDisabled, requestedBy } = job.data;
  return { kind: kindSchema.parse(job.name), onlyDisabled, requestedBy };
}

/** A job as everybody sees it; `undefined` for a kind that this version does not know. */
export function readJob(job: StoredJob): Job | undefined {
  const kind = kindSchema.safeParse(job.name);
  if (!kind.success || job.id === undefined) {
    return undefined;
  }
  const { done, total, succeeded, failed, message, startedAtMs } = readProgress(job);
  return {
    id: job.id,
    kind: kind.data,
    status: statusOf(job),
    done,
    total,
    succeeded,
    failed,
    message: job.failedReason === undefined || job.failedReason === "" ? message : job.failedReason,
    startedAtMs,
    finishedAtMs: job.finishedOn ?? 0,
    requestedBy: job.data.requestedBy,
  };
}

function statusOf(job: StoredJob): JobStatus {
  if (job.finishedOn === undefined) {
    return job.processedOn === undefined ? "queued" : "running";
  }
  if (job.failedReason !== undefined && job.failedReason !== "") {
    return "failed";
  }
  return job.returnvalue.outcome;
}
