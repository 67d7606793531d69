import type { ServiceImpl } from "@connectrpc/connect";
import type { JobService } from "@tollgate/proto/scheduler/v1/job_service";
import { schedulerFaults } from "#jobs/faults.ts";
import type { Job } from "#jobs/job.ts";
import type { JobQueue } from "#queue/job-queue.ts";
import { jobToWire, orderFromWire } from "./wire.ts";

/** JobService. */
export function createJobHandlers(queue: JobQueue): ServiceImpl<typeof JobService> {
  return {
    startJob: async (request) => {
      const outcome = await queue.start(orderFromWire(request));
      if (outcome.kind === "running") {
        throw schedulerFaults.fault("JOB_RUNNING", { metadata: { jobId: outcome.job.id } });
      }
      return { job: jobToWire(outcome.job) };
    },
    listJobs: async () => ({ jobs: (await queue.list()).map(jobToWire) }),
    getJob: async ({ id }) => ({ job: jobToWire(found(await queue.find(id))) }),
    cancelJob: async ({ id }) => ({ job: jobToWire(found(await queue.cancel(id))) }),
    async *watchJobs(_request, { signal }) {
      for await (const job of queue.watch(signal)) {
        yield { job: jobToWire(job) };
      }
    },
  };
}

function found(job: Job | undefined): Job {
  if (job === undefined) {
    throw schedulerFaults.fault("JOB_NOT_FOUND");
  }
  return job;
}
