import { type Static, Type } from "typebox";
import type { CheckRun } from "@tollgate/proto/quota/v1/reconcile_service";
import { Check } from "@tollgate/proto/quota/v1/reconcile_service";
import type { AdminContext } from "#admin-context.ts";
import { adminFaults } from "#faults.ts";
import type { Api } from "#http/api.ts";
import { success, successOf } from "#http/envelope.ts";
import { toSafeNumber, toSeconds } from "#http/wire-number.ts";
import { limits } from "#limits.ts";

const runSchema = Type.Object({
  job: Type.String({
    description: "held, held_all, posted, batches, journals, costs or silence.",
  }),
  rule: Type.String({ description: "R1 to R9." }),
  at: Type.Integer({ description: "Seconds since 1970." }),
  took_ms: Type.Integer(),
  checked: Type.Integer({
    description: "Wallets, settlements, calls, journals or leases that were looked at.",
  }),
  violation_count: Type.Integer(),
  violations: Type.Array(Type.String(), { description: "The first 20, a sentence each." }),
  complete: Type.Boolean({ description: "False: time was up; the next run goes on from there." }),
});

const overviewSchema = Type.Object({
  jobs: Type.Array(runSchema, { description: "The last run of each check." }),
  violation_count: Type.Integer({ description: "Over the last runs; 0 = nothing is known." }),
  alarms: Type.Array(runSchema, {
    description: "The latest runs that found something, newest first, at most 50.",
  }),
});

const runBody = Type.Object({
  job: Type.String({ maxLength: limits.textLengthMax, description: "The name of a check." }),
});

/** What the checks of the books found, and running one now, for root. Nothing here repairs anything. */
export function registerReconcileRoutes(api: Api, context: AdminContext): void {
  registerOverview(api, context);
  registerRun(api, context);
}

function registerOverview(api: Api, { rpc }: AdminContext): void {
  api.get(
    "/reconcile/",
    {
      config: { access: "root" },
      schema: {
        tags: ["reconcile"],
        summary: "What the checks of the books found",
        response: { 200: successOf(overviewSchema) },
      },
    },
    async () => {
      const { last, alarms } = await rpc.reconcile.listRuns({});
      const jobs = last.map(runToWire);
      return success({
        jobs,
        violation_count: jobs.reduce((sum, job) => sum + job.violation_count, 0),
        alarms: alarms.map(runToWire),
      });
    },
  );
}

function registerRun(api: Api, { rpc }: AdminContext): void {
  api.post(
    "/reconcile/run",
    {
      config: { access: "root" },
      schema: {
        tags: ["reconcile"],
        summary: "Run one check of the books now; it goes on where its last run ended",
        body: runBody,
        response: { 200: successOf(runSchema) },
      },
    },
    async ({ body }) => {
      const timeoutMs = limits.checkDeadlineMs;
      const { run } = await rpc.reconcile.runCheck({ check: checkOf(body.job) }, { timeoutMs });
      if (run === undefined) {
        throw new Error("quota answered without the run of a check");
      }
      return success(runToWire(run));
    },
  );
}

const names: ReadonlyMap<Check, { readonly job: string; readonly rule: string }> = new Map([
  [Check.HELD, { job: "held", rule: "R1" }],
  [Check.HELD_ALL, { job: "held_all", rule: "R1" }],
  [Check.POSTED, { job: "posted", rule: "R2" }],
  [Check.BATCHES, { job: "batches", rule: "R3" }],
  [Check.JOURNALS, { job: "journals", rule: "R4" }],
  [Check.COSTS, { job: "costs", rule: "R8" }],
  [Check.SILENCE, { job: "silence", rule: "R9" }],
]);

/** Throws PARAMETER_INVALID. */
function checkOf(job: string): Check {
  for (const [check, name] of names) {
    if (name.job === job) {
      return check;
    }
  }
  const known = [...names.values()].map((name) => name.job).join(", ");
  throw adminFaults.fault("PARAMETER_INVALID", {
    sentence: `There is no such check. There are: ${known}.`,
  });
}

function runToWire(run: CheckRun): Static<typeof runSchema> {
  return {
    ...(names.get(run.check) ?? { job: "unknown", rule: "" }),
    at: toSeconds(run.atMs),
    took_ms: toSafeNumber(run.tookMs),
    checked: toSafeNumber(run.checked),
    violation_count: toSafeNumber(run.violationCount),
    violations: [...run.violations],
    complete: run.complete,
  };
}
