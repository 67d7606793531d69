/** What quota tells Prometheus. Counting costs a few additions for every shipped batch. */
import type { Metrics } from "@tollgate/kit/metrics/metrics";
import type { SettledCall } from "#domain/settled-call.ts";
import { bases } from "#domain/usage.ts";
import type { LogArchive } from "#store/sql/log-database.ts";
import type { RunCheck } from "#usecases/reconcile/run-check.ts";
import type { SettledFeed } from "#usecases/settlement/settled-feed.ts";

const basisNames = new Map<number, string>(
  Object.entries(bases).map(([name, basis]) => [basis, name]),
);

/** Counts settled calls and what they cost. Returns what ends it. */
export function observeSettlements(
  metrics: Metrics,
  settled: Pick<SettledFeed, "subscribe">,
): () => void {
  const calls = metrics.counter({
    name: "tollgate_settled_calls_total",
    help: "Calls posted to the ledger, by how their usage became known.",
    labels: ["basis"],
  });
  const cost = metrics.counter({
    name: "tollgate_settled_usd_total",
    help: "What settled calls cost their customers, USD; for graphs, the ledger is exact.",
  });
  const odd = metrics.counter({
    name: "tollgate_settled_odd_calls_total",
    help: "Settled calls that somebody should look at: late = on a closed lease, corrected = the relay computed another cost.",
    labels: ["kind"],
  });
  return settled.subscribe((batch) => {
    for (const [basis, count] of countByBasis(batch)) {
      calls.add({ basis: basisNames.get(basis) ?? String(basis) }, count);
    }
    const nanos = batch.reduce((sum, { costNanos }) => sum + costNanos, 0n);
    cost.add({}, Number(nanos) / 1e9);
    odd.add({ kind: "late" }, batch.filter(({ isLate }) => isLate).length);
    odd.add({ kind: "corrected" }, batch.filter(({ isCostCorrected }) => isCostCorrected).length);
  });
}

/** Tells whether the log database answers, if there is one. */
export function observeLogArchive(
  metrics: Metrics,
  archive: Pick<LogArchive, "isUp"> | undefined,
): void {
  if (archive !== undefined) {
    metrics.observe(
      {
        name: "tollgate_log_database_up",
        help: "1 while the log database answers; 0 = calls stay in the main database, and older ones cannot be read.",
      },
      () => (archive.isUp() ? 1 : 0),
    );
  }
}

/** The same check, whose findings can be alarmed on. */
export function observeChecks(metrics: Metrics, runCheck: RunCheck): RunCheck {
  const violations = metrics.gauge({
    name: "tollgate_check_violations",
    help: "Violations that the last run of each check of the books found; anything but 0 is an alarm.",
    labels: ["check"],
  });
  const ranAt = metrics.gauge({
    name: "tollgate_check_ran_at_seconds",
    help: "When each check of the books ran last, seconds since 1970.",
    labels: ["check"],
  });
  return async (check) => {
    const run = await runCheck(check);
    violations.set({ check }, run.violationCount);
    ranAt.set({ check }, run.atMs / 1000);
    return run;
  };
}

function countByBasis(batch: readonly SettledCall[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const { basis } of batch) {
    counts.set(basis, (counts.get(basis) ?? 0) + 1);
  }
  return counts;
}
