/** What the checks of the books found. */
import { defineEntity, p } from "@mikro-orm/core";
import { fixedBytesColumn } from "@tollgate/kit/sql/bytes-type";
import { int64Column } from "@tollgate/kit/sql/money-type";
import { longTextColumn } from "./long-text-type.ts";

/** One run of a check. Runs that found nothing are kept for days, others for months; the last of each check for ever. */
export const ReconcileRunEntity = defineEntity({
  name: "ReconcileRun",
  tableName: "reconcile_runs",
  indexes: [
    { name: "reconcile_runs_job", properties: ["job", "runId"] },
    { name: "reconcile_runs_violations", properties: ["violationCount", "runId"] },
  ],
  properties: {
    /** UUIDv7. */
    runId: fixedBytesColumn(16).primary(),
    /** "held", "posted", … */
    job: p.string().length(32),
    atMs: int64Column(),
    tookMs: int64Column(),
    /** Wallets, settlements, journals or leases that were looked at. */
    checked: int64Column(),
    violationCount: int64Column(),
    /** JSON: the first of the sentences. */
    violations: longTextColumn(),
    /** False: time was up, and the next run goes on from here. */
    isComplete: p.boolean(),
    /** JSON: where the next run begins. */
    state: longTextColumn(),
  },
});
