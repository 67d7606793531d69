import { eventually } from "../e2e/harness/builders.ts";
import type { Target } from "./targets.ts";

/** gpt-4o-mini in nano-USD per token, as One API's ratios price it. */
const IN_NANOS = 150n;
const OUT_NANOS = 600n;

interface UpstreamCount {
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** What the upstream answered a target. */
export async function countOf({ upstreamUrl }: Target): Promise<UpstreamCount> {
  const response = await fetch(`${upstreamUrl}/count`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the only writer is the benchmark's own upstream
  return (await response.json()) as UpstreamCount;
}

/** What that costs, nano-USD. */
export function costOf({ inputTokens, outputTokens }: UpstreamCount): bigint {
  return BigInt(inputTokens) * IN_NANOS + BigInt(outputTokens) * OUT_NANOS;
}

/** Waits until the ledger has stood still, then holds it against the upstream's count. Returns a line to print; throws when they differ. */
export async function compareBill(target: Target): Promise<string> {
  const { ledger } = target;
  if (ledger === undefined) {
    return "";
  }
  const upstream = await countOf(target);
  const truth = costOf(upstream);
  await eventually(`${target.name} has settled ${upstream.calls} calls`, async () => {
    return (await ledger()).calls >= upstream.calls;
  });
  const { costNanos, calls, violations } = await ledger();
  if (costNanos !== truth || calls !== upstream.calls || violations.length > 0) {
    throw new Error(
      `${target.name}: the ledger holds ${calls} calls for ${costNanos} nano-USD, the upstream counted ` +
        `${upstream.calls} for ${truth}; ${violations.join("; ")}`,
    );
  }
  return `${target.name}: ${calls} calls, ${costNanos} nano-USD on the ledger = the upstream's own count`;
}
