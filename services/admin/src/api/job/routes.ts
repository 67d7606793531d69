import { Type } from "typebox";
import type { Job } from "@tollgate/proto/scheduler/v1/job_service";
import type { AdminContext } from "#admin-context.ts";
import { adminFaults } from "#faults.ts";
import type { Api } from "#http/api.ts";
import { success, successOf } from "#http/envelope.ts";
import { limits } from "#limits.ts";
import { jobSchema, jobToWire } from "./wire.ts";

const tags = ["job"];

const jobParams = Type.Object({
  id: Type.String({ minLength: 1, maxLength: limits.textLengthMax }),
});

/** Background work, for admins. */
export function registerJobRoutes(api: Api, { rpc }: AdminContext): void {
  api.get(
    "/job/",
    {
      config: { access: "admin" },
      schema: {
        tags,
        summary: "Recent jobs, newest first",
        response: { 200: successOf(Type.Array(jobSchema)) },
      },
    },
    async () => success((await rpc.jobs.listJobs({})).jobs.map(jobToWire)),
  );
  api.get(
    "/job/:id",
    {
      config: { access: "admin" },
      schema: {
        tags,
        summary: "One job",
        params: jobParams,
        response: { 200: successOf(jobSchema) },
      },
    },
    async ({ params }) =>
      success(jobToWire(present((await rpc.jobs.getJob({ id: params.id })).job))),
  );
  api.post(
    "/job/:id/cancel",
    {
      config: { access: "admin" },
      schema: {
        tags,
        summary: "Stop a job after the item that it is at",
        params: jobParams,
        response: { 200: successOf(jobSchema) },
      },
    },
    async ({ params }) =>
      success(jobToWire(present((await rpc.jobs.cancelJob({ id: params.id })).job))),
  );
}

function present(job: Job | undefined): Job {
  if (job === undefined) {
    throw adminFaults.fault("PARAMETER_INVALID", { sentence: "There is no such job." });
  }
  return job;
}
