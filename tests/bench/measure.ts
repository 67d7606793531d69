import { startProcess } from "@tollgate/local/child-process";
import { cpuMicroseconds, residentMiB } from "./process-figures.ts";
import type { Target } from "./targets.ts";

/** What one run of load came to. */
export interface Figures {
  readonly calls: number;
  readonly failed: number;
  readonly callsPerSecond: number;
  readonly cpuMicrosPerCall: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly residentMiB: number;
}

export interface Load {
  readonly stream: boolean;
  readonly connections: number;
  readonly seconds: number;
  /** Calls per second; absent = as many as are answered. */
  readonly rate?: number;
}

const body = (stream: boolean): string =>
  JSON.stringify({
    model: "gpt-4o-mini",
    messages: [
      { role: "system", content: "You are a helpful assistant that answers briefly." },
      {
        role: "user",
        content: "Tell me something about gates, tolls and ledgers, please. ".repeat(8),
      },
    ],
    max_tokens: 100,
    ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
  });

/** Puts load on a target and reads what its processes used meanwhile. */
export async function measure(target: Target, load: Load): Promise<Figures> {
  const order = {
    origin: target.origin,
    path: "/v1/chat/completions",
    headers: target.headers,
    body: body(load.stream),
    connections: load.connections,
    seconds: load.seconds,
    ...(load.rate === undefined ? {} : { rate: load.rate }),
  };
  const before = cpuMicroseconds(target.pids);
  const generator = startProcess({
    program: "tests/bench/load-main.ts",
    args: [JSON.stringify(order)],
  });
  const { code } = await generator.exited;
  if (code !== 0) {
    throw new Error(`the load generator failed: ${generator.output()}`);
  }
  // What is settled after the last answer belongs to the calls as well.
  await new Promise((resolve) => {
    setTimeout(resolve, 500);
  });
  const cpu = cpuMicroseconds(target.pids) - before;
  const result: unknown = JSON.parse(generator.output().trim().split("\n").at(-1) ?? "{}");
  const read = (name: string): number =>
    typeof result === "object" && result !== null
      ? Number(Object.entries(result).find(([key]) => key === name)?.[1])
      : Number.NaN;
  const calls = read("completed");
  return {
    calls,
    failed: read("failed"),
    callsPerSecond: calls / read("seconds"),
    cpuMicrosPerCall: cpu / Math.max(1, calls),
    p50Ms: read("p50Ms"),
    p99Ms: read("p99Ms"),
    residentMiB: residentMiB(target.pids),
  };
}
