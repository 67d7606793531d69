import { create } from "@bufbuild/protobuf";
import type { Job as WireJob, StartJobRequest } from "@tollgate/proto/scheduler/v1/job_service";
import {
  JobKind as WireKind,
  JobSchema,
  JobStatus as WireStatus,
} from "@tollgate/proto/scheduler/v1/job_service";
import { schedulerFaults } from "#jobs/faults.ts";
import type { Job, JobKind, JobOrder, JobStatus } from "#jobs/job.ts";

const requestedByCharacters = 64;

/** A job for the wire. */
export function jobToWire(job: Job): WireJob {
  return create(JobSchema, {
    ...job,
    kind: kindToWire(job.kind),
    status: statusToWire(job.status),
    startedAtMs: BigInt(job.startedAtMs),
    finishedAtMs: BigInt(job.finishedAtMs),
  });
}

/** What somebody wants to start. Throws JOB_INVALID. */
export function orderFromWire({ kind, onlyDisabled, requestedBy }: StartJobRequest): JobOrder {
  const known = kindFromWire(kind);
  if (onlyDisabled && known !== "test-channels") {
    throw invalid("Only channel tests can be limited to channels that are switched off.");
  }
  if (requestedBy === "" || requestedBy.length > requestedByCharacters) {
    throw invalid(`Who asks must have 1 to ${requestedByCharacters} characters.`);
  }
  return { kind: known, onlyDisabled, requestedBy };
}

function kindFromWire(kind: WireKind): JobKind {
  switch (kind) {
    case WireKind.TEST_CHANNELS:
      return "test-channels";
    case WireKind.REFRESH_BALANCES:
      return "refresh-balances";
    case WireKind.EXPIRE_CREDIT:
      return "expire-credit";
    case WireKind.RECONCILE_NEWS:
      return "reconcile-news";
    case WireKind.RECONCILE_BOOKS:
      return "reconcile-books";
    case WireKind.RECONCILE_JOURNALS:
      return "reconcile-journals";
    default:
      throw invalid("There is no such kind of job.");
  }
}

function kindToWire(kind: JobKind): WireKind {
  switch (kind) {
    case "test-channels":
      return WireKind.TEST_CHANNELS;
    case "refresh-balances":
      return WireKind.REFRESH_BALANCES;
    case "expire-credit":
      return WireKind.EXPIRE_CREDIT;
    case "reconcile-news":
      return WireKind.RECONCILE_NEWS;
    case "reconcile-books":
      return WireKind.RECONCILE_BOOKS;
    case "reconcile-journals":
      return WireKind.RECONCILE_JOURNALS;
  }
}

function statusToWire(status: JobStatus): WireStatus {
  switch (status) {
    case "queued":
      return WireStatus.QUEUED;
    case "running":
      return WireStatus.RUNNING;
    case "done":
      return WireStatus.DONE;
    case "failed":
      return WireStatus.FAILED;
    case "cancelled":
      return WireStatus.CANCELLED;
  }
}

function invalid(sentence: string): Error {
  return schedulerFaults.fault("JOB_INVALID", { sentence });
}
