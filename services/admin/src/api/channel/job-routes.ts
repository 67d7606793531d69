import { Type } from "typebox";
import type { StartJobResponse } from "@tollgate/proto/scheduler/v1/job_service";
import { JobKind } from "@tollgate/proto/scheduler/v1/job_service";
import type { AdminContext } from "#admin-context.ts";
import { callerOf } from "#auth/caller.ts";
import type { Api } from "#http/api.ts";
import { success, successOf } from "#http/envelope.ts";

const tags = ["channel"];

const testAllQuery = Type.Object({
  scope: Type.Optional(Type.Union([Type.Literal("all"), Type.Literal("disabled")])),
});

const startedSchema = successOf(Type.Object({ job_id: Type.String() }));

/** Work on all channels, done in the background. */
export function registerChannelJobRoutes(api: Api, { rpc }: AdminContext): void {
  api.get(
    "/channel/test",
    {
      config: { access: "admin", mutates: true },
      schema: {
        tags,
        summary: "Start a job that tests all channels, or those that are switched off",
        querystring: testAllQuery,
        response: { 200: startedSchema },
      },
    },
    async (request) =>
      started(
        await rpc.jobs.startJob({
          kind: JobKind.TEST_CHANNELS,
          onlyDisabled: request.query.scope === "disabled",
          requestedBy: String(callerOf(request).user.id),
        }),
      ),
  );
  api.get(
    "/channel/update_balance",
    {
      config: { access: "admin", mutates: true },
      schema: {
        tags,
        summary: "Start a job that refreshes the balances of all channels",
        response: { 200: startedSchema },
      },
    },
    async (request) =>
      started(
        await rpc.jobs.startJob({
          kind: JobKind.REFRESH_BALANCES,
          requestedBy: String(callerOf(request).user.id),
        }),
      ),
  );
}

function started({ job }: StartJobResponse) {
  return success({ job_id: job?.id ?? "" });
}
