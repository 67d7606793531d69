import { type Static, Type } from "typebox";
import type { Job } from "@tollgate/proto/scheduler/v1/job_service";
import { JobKind, JobStatus } from "@tollgate/proto/scheduler/v1/job_service";
import { toSeconds } from "#http/wire-number.ts";

/** A run of background work. */
export const jobSchema = Type.Object({
  id: Type.String(),
  kind: Type.String({ description: "test_channels, update_balance, expire_credit or reconcile_…" }),
  status: Type.String({ description: "queued, running, done, failed or cancelled." }),
  done: Type.Integer(),
  total: Type.Integer(),
  ok: Type.Integer(),
  failed: Type.Integer(),
  started_at: Type.Integer({ description: "Seconds since 1970." }),
  finished_at: Type.Integer({ description: "Seconds since 1970, 0 = not yet." }),
  message: Type.String(),
});

/** A job in JSON. */
export type JobWire = Static<typeof jobSchema>;

/** After the routes that start them. */
const kindNames: ReadonlyMap<JobKind, string> = new Map<JobKind, string>([
  [JobKind.TEST_CHANNELS, "test_channels"],
  [JobKind.REFRESH_BALANCES, "update_balance"],
  [JobKind.EXPIRE_CREDIT, "expire_credit"],
  [JobKind.RECONCILE_NEWS, "reconcile_news"],
  [JobKind.RECONCILE_BOOKS, "reconcile_books"],
  [JobKind.RECONCILE_JOURNALS, "reconcile_journals"],
]);

const statusNames: ReadonlyMap<JobStatus, string> = new Map<JobStatus, string>([
  [JobStatus.QUEUED, "queued"],
  [JobStatus.RUNNING, "running"],
  [JobStatus.DONE, "done"],
  [JobStatus.FAILED, "failed"],
  [JobStatus.CANCELLED, "cancelled"],
]);

/** The job in JSON. */
export function jobToWire(job: Job): JobWire {
  return {
    id: job.id,
    kind: kindNames.get(job.kind) ?? "unknown",
    status: statusNames.get(job.status) ?? "unknown",
    done: job.done,
    total: job.total,
    ok: job.succeeded,
    failed: job.failed,
    started_at: toSeconds(job.startedAtMs),
    finished_at: toSeconds(job.finishedAtMs),
    message: job.message,
  };
}
