import type { ServiceImpl } from "@connectrpc/connect";
import type { ReconcileService } from "@tollgate/proto/quota/v1/reconcile_service";
import { Check as WireCheck } from "@tollgate/proto/quota/v1/reconcile_service";
import type { Check, CheckRun } from "#domain/check-run.ts";
import { fault } from "#domain/faults.ts";
import type { CheckRunStore } from "#usecases/reconcile/reconcile-ports.ts";
import type { RunCheck } from "#usecases/reconcile/run-check.ts";

/** The use cases behind `ReconcileService`; reading needs no rules of its own. */
export interface ReconcileUseCases {
  readonly runCheck: RunCheck;
  readonly checkRuns: Pick<CheckRunStore, "listLast" | "listAlarms">;
}

const alarmsMax = 50;

const wireChecks = {
  held: WireCheck.HELD,
  "held-all": WireCheck.HELD_ALL,
  posted: WireCheck.POSTED,
  batches: WireCheck.BATCHES,
  journals: WireCheck.JOURNALS,
  costs: WireCheck.COSTS,
  silence: WireCheck.SILENCE,
} as const satisfies Readonly<Record<Check, WireCheck>>;

/** `ReconcileService`, one function per RPC. */
export function createReconcileHandlers({
  runCheck,
  checkRuns,
}: ReconcileUseCases): ServiceImpl<typeof ReconcileService> {
  return {
    runCheck: async ({ check }) => ({ run: runToWire(await runCheck(checkFromWire(check))) }),
    listRuns: async () => ({
      last: (await checkRuns.listLast()).map(runToWire),
      alarms: (await checkRuns.listAlarms(alarmsMax)).map(runToWire),
    }),
  };
}

function checkFromWire(wire: WireCheck): Check {
  switch (wire) {
    case WireCheck.HELD:
      return "held";
    case WireCheck.HELD_ALL:
      return "held-all";
    case WireCheck.POSTED:
      return "posted";
    case WireCheck.BATCHES:
      return "batches";
    case WireCheck.JOURNALS:
      return "journals";
    case WireCheck.COSTS:
      return "costs";
    case WireCheck.SILENCE:
      return "silence";
    default:
      throw fault("REQUEST_INVALID", { sentence: "There is no such check." });
  }
}

function runToWire(run: CheckRun) {
  return {
    check: wireChecks[run.check],
    atMs: BigInt(run.atMs),
    tookMs: BigInt(run.tookMs),
    checked: BigInt(run.checked),
    violationCount: BigInt(run.violationCount),
    violations: [...run.violations],
    complete: run.isComplete,
  };
}
