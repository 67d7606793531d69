import type { Job, JobKind, JobOrder } from "#jobs/job.ts";

/** What became of a wish to start a job. */
export type StartOutcome =
  | { readonly kind: "started"; readonly job: Job }
  /** One of that kind is unfinished. */
  | { readonly kind: "running"; readonly job: Job };

/**
 * Where jobs wait, run and are remembered. There are two: one over Redis, shared by several schedulers, and one in this process.
 * A method rejects with QUEUE_UNAVAILABLE when the queue's store cannot be reached.
 */
export interface JobQueue {
  readonly start: (order: JobOrder) => Promise<StartOutcome>;
  /** The last jobs, newest first. */
  readonly list: () => Promise<readonly Job[]>;
  readonly find: (id: string) => Promise<Job | undefined>;
  /** Ends a job after the items that it is at; a finished one stays as it is. */
  readonly cancel: (id: string) => Promise<Job | undefined>;
  /** Unfinished jobs as they are now, then every job as it changes, until the signal is aborted. */
  readonly watch: (signal: AbortSignal) => AsyncGenerator<Job, void, undefined>;
  /** Starts a job of the kind each time the interval has passed; `undefined` = never. */
  readonly schedule: (kind: JobKind, everyMs: number | undefined) => Promise<void>;
  readonly isReady: () => boolean;
  /** Jobs end after the items that they are at; once the deadline is aborted they are given up. */
  readonly close: (deadline: AbortSignal) => Promise<void>;
}
