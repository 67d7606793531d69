import type { JobCheckpoint, JobOrder, JobProgress } from "./job.ts";

/** How a run ended. An error thrown by a run means that the job broke. */
export type RunOutcome =
  | { readonly kind: "done" }
  | { readonly kind: "cancelled" }
  /** This process stops; another one may go on from the checkpoint. */
  | { readonly kind: "interrupted" };

/** How the queue and a run talk to each other. */
export interface JobControl {
  /** Aborted when somebody cancelled the job: it ends after the items that it is at. */
  readonly cancelled: AbortSignal;
  /** Aborted when this process stops: the job ends after the items that it is at, and goes on elsewhere. */
  readonly stopping: AbortSignal;
  /** Aborted when there is no time left: calls under way are given up. */
  readonly abandoned: AbortSignal;
  /** Where an earlier run of this job got to. */
  readonly resumeFrom: JobCheckpoint;
  readonly report: (progress: JobProgress) => Promise<void>;
}

/** Runs a job from its order. */
export type RunJob = (order: JobOrder, control: JobControl) => Promise<RunOutcome>;
