/** What the relay tells Prometheus: all of it is read when somebody looks, so that calls do not pay for it. */
import type { Metrics } from "@tollgate/kit/metrics/metrics";
import type { ClosableGate } from "#http/call-gate.ts";
import type { Money } from "#ledgering/open-money.ts";
import type { UsageWatch } from "#pipeline/usage-watch.ts";

/** What is looked at. */
export interface RelayParts {
  readonly gate: Pick<ClosableGate, "callCount" | "isReady">;
  readonly money: Pick<Money, "journal" | "prices" | "session">;
  readonly usageWatch: UsageWatch;
}

export function observeRelay(metrics: Metrics, { gate, money, usageWatch }: RelayParts): void {
  const { journal, prices, session } = money;
  metrics.observe({ name: "tollgate_relay_calls", help: "Calls under way." }, gate.callCount);
  metrics.observe({ name: "tollgate_relay_is_admitting", help: "1 = calls are admitted." }, () =>
    gate.isReady() && session.whyStopped() === undefined && journal.hasRoom() ? 1 : 0,
  );
  metrics.observe(
    { name: "tollgate_journal_records", help: "Records ever written to the journal." },
    journal.nextSeq,
  );
  metrics.observe(
    {
      name: "tollgate_journal_unshipped_records",
      help: "Records that quota has not applied yet; what grows for minutes is an alarm.",
    },
    () => journal.nextSeq() - session.shippedUpTo(),
  );
  metrics.observe(
    { name: "tollgate_relay_price_version", help: "The price book in force." },
    prices.currentVersion,
  );
  metrics.observe(
    {
      name: "tollgate_usage_quarantined_reports",
      help: "Reports of usage that cannot be, since the start; their calls were counted here instead.",
    },
    () => [...usageWatch.quarantined().values()].reduce((sum, count) => sum + count, 0),
  );
}
