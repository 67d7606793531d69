/** A kind of work. At most one job of a kind is unfinished at any time. */
export type JobKind =
  | "test-channels"
  | "refresh-balances"
  | "expire-credit"
  | "reconcile-news"
  | "reconcile-books"
  | "reconcile-journals";

/** Every kind. */
export const jobKinds = [
  "test-channels",
  "refresh-balances",
  "expire-credit",
  "reconcile-news",
  "reconcile-books",
  "reconcile-journals",
] as const satisfies readonly JobKind[];

/** Where a job is. The last three are final. */
export type JobStatus = "queued" | "running" | "done" | "failed" | "cancelled";

/** What somebody asks for. */
export interface JobOrder {
  readonly kind: JobKind;
  /** For test-channels: only channels that are switched off. */
  readonly onlyDisabled: boolean;
  /** "schedule" or a user id. */
  readonly requestedBy: string;
}

/** How far a job's items are. */
export interface JobProgress {
  readonly done: number;
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
  /** What happened last, "" = nothing worth saying. */
  readonly message: string;
  /** Where another process goes on when this one is lost. */
  readonly checkpoint: JobCheckpoint;
}

/** The items up to and including `afterId` are through; the numbers count those only. */
export interface JobCheckpoint {
  readonly afterId: number;
  readonly done: number;
  readonly succeeded: number;
  readonly failed: number;
}

/** One run. */
export interface Job extends Omit<JobProgress, "checkpoint"> {
  readonly id: string;
  readonly kind: JobKind;
  readonly status: JobStatus;
  /** Milliseconds since 1970, 0 = not yet. */
  readonly startedAtMs: number;
  /** Milliseconds since 1970, 0 = not yet. */
  readonly finishedAtMs: number;
  readonly requestedBy: string;
}

/** Kinds that run so often that of their finished jobs only the last is kept, and none is told of in the log. */
export function isRoutine(kind: JobKind): boolean {
  return kind === "reconcile-news";
}

/** How many jobs, finished ones included, are kept. */
export const keptJobs = 100;

/** Before the first item. */
export const noCheckpoint: JobCheckpoint = Object.freeze({
  afterId: 0,
  done: 0,
  succeeded: 0,
  failed: 0,
});

/** Before anything is known. */
export const noProgress: JobProgress = Object.freeze({
  done: 0,
  total: 0,
  succeeded: 0,
  failed: 0,
  message: "",
  checkpoint: noCheckpoint,
});

/** Whether nothing will change any more. */
export function isFinished({ status }: Pick<Job, "status">): boolean {
  switch (status) {
    case "done":
    case "failed":
    case "cancelled":
      return true;
    case "queued":
    case "running":
      return false;
  }
}
