import { create } from "@bufbuild/protobuf";
import type { ConnectRouter } from "@connectrpc/connect";
import type { Job } from "@tollgate/proto/scheduler/v1/job_service";
import { JobSchema, JobService, JobStatus } from "@tollgate/proto/scheduler/v1/job_service";
import { fakeFaults } from "./fake-faults.ts";

/** A scheduler in memory whose jobs never end by themselves. */
export interface FakeScheduler {
  readonly jobs: Job[];
  routes(router: ConnectRouter): void;
}

/** Makes a scheduler without jobs. */
export function createFakeScheduler(): FakeScheduler {
  const jobs: Job[] = [];
  const find = (id: string): Job => {
    const job = jobs.find((candidate) => candidate.id === id);
    if (job === undefined) {
      throw fakeFaults.fault("JOB_NOT_FOUND");
    }
    return job;
  };
  return {
    jobs,
    routes(router) {
      router.service(JobService, {
        startJob({ kind, requestedBy, onlyDisabled }) {
          if (jobs.some((job) => job.kind === kind && job.status === JobStatus.RUNNING)) {
            throw fakeFaults.fault("JOB_RUNS");
          }
          const job = create(JobSchema, {
            id: `job-${jobs.length + 1}`,
            kind,
            status: JobStatus.RUNNING,
            total: 4,
            message: onlyDisabled ? "only disabled" : "all",
            startedAtMs: 1_700_000_000_500n,
            requestedBy,
          });
          jobs.unshift(job);
          return { job };
        },
        listJobs: () => ({ jobs }),
        getJob: ({ id }) => ({ job: find(id) }),
        cancelJob({ id }) {
          const job = find(id);
          job.status = JobStatus.CANCELLED;
          return { job };
        },
        async *watchJobs(_request, { signal }) {
          for (const job of jobs) {
            yield { job };
          }
          await new Promise<void>((resolve) => {
            signal.addEventListener("abort", () => resolve(), { once: true });
          });
        },
      });
    },
  };
}
