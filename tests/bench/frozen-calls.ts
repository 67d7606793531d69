import { makeKey } from "../e2e/harness/builders.ts";
import type { Platform } from "../e2e/harness/platform.ts";

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
