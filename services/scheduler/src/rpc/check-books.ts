import type { Client } from "@connectrpc/connect";
import type { ReconcileService } from "@tollgate/proto/quota/v1/reconcile_service";
import { Check } from "@tollgate/proto/quota/v1/reconcile_service";
import type { BookCheck, ItemOutcome, JobPorts } from "#jobs/ports.ts";

// Quota ends a run after 20 seconds and goes on with the next one.
const checkTimeoutMs = 60_000;
const messageCharacters = 300;

const wireChecks = {
  held: Check.HELD,
  "held-all": Check.HELD_ALL,
  posted: Check.POSTED,
  batches: Check.BATCHES,
  journals: Check.JOURNALS,
  costs: Check.COSTS,
  silence: Check.SILENCE,
} as const satisfies Readonly<Record<BookCheck, Check>>;

/** The port over gRPC. */
export function createCheckBooks(
  reconcile: Client<typeof ReconcileService>,
): JobPorts["checkBooks"] {
  return async (check, signal): Promise<ItemOutcome> => {
    const { run } = await reconcile.runCheck(
      { check: wireChecks[check] },
      { signal, timeoutMs: checkTimeoutMs },
    );
    const { checked = 0n, violationCount = 0n, violations: [first = ""] = [] } = run ?? {};
    const found = violationCount === 0n ? "all right" : `${violationCount} wrong: ${first}`;
    const message = `${check}: ${checked} checked, ${found}`;
    return { success: violationCount === 0n, message: message.slice(0, messageCharacters) };
  };
}
