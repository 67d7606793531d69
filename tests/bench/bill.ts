import { eventually, makeKey } from "../e2e/harness/builders.ts";
import type { Platform } from "../e2e/harness/platform.ts";
import type { Target } from "./targets.ts";

/** gpt-4o-mini in nano-USD per token, as One API's ratios price it. */
const IN_NANOS = 150n;
const OUT_NANOS = 600n;

export interface UpstreamCount {
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export async function countOf(upstreamUrl: string): Promise<UpstreamCount> {
  const response = await fetch(`${upstreamUrl}/count`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the only writer is the benchmark's own upstream
  return (await response.json()) as UpstreamCount;
}

/** Waits until the ledger has stood still, then holds it against the upstream's count. Returns a line to print; throws when they differ. */
export async function compareBill(target: Target, upstream: UpstreamCount): Promise<string> {
  const { ledger } = target;
  if (ledger === undefined) {
    return "";
  }
  const truth = BigInt(upstream.inputTokens) * IN_NANOS + BigInt(upstream.outputTokens) * OUT_NANOS;
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

/** Freezes everything but the relay and makes warm calls: they cannot need an RPC, a statement or Redis. */
export async function callWithBackEndFrozen(platform: Platform, calls: number): Promise<number> {
  const { key } = await makeKey(
    { platform: () => platform, upstream: neverAsked },
    { name: "warm" },
  );
  const body = JSON.stringify({
    model: "gpt-4o-mini",
    messages: [{ role: "user", content: "hi" }],
  });
  const call = async (): Promise<boolean> => {
    const response = await fetch(`${platform.relayUrl}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body,
      signal: AbortSignal.timeout(5000),
    });
    await response.arrayBuffer();
    return response.ok;
  };
  for (let warmUp = 0; warmUp < 50; warmUp += 1) {
    await call();
  }
  const frozen = platform.pids().filter((pid) => pid !== platform.relayPid());
  for (const pid of frozen) {
    process.kill(pid, "SIGSTOP");
  }
  let answered = 0;
  try {
    for (let index = 0; index < calls; index += 1) {
      answered += (await call()) ? 1 : 0;
    }
  } finally {
    for (const pid of frozen) {
      process.kill(pid, "SIGCONT");
    }
  }
  return answered;
}

function neverAsked(): never {
  throw new Error("the benchmark has an upstream of its own");
}
