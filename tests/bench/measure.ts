import { startProcess } from "@tollgate/local/child-process";
import { type BackEndWork, workBetween } from "./back-end.ts";
import { type CpuUse, readUse, residentMiB, useBetween } from "./process-figures.ts";
import type { Target } from "./targets.ts";

/** What one run of load came to. */
export interface Figures {
  readonly calls: number;
  readonly failed: number;
  /** What the first failed call was told; empty without one. */
  readonly firstFailure: string;
  readonly callsPerSecond: number;
  /** Of the target's own processes, without database and Redis. */
  readonly cpuMicrosPerCall: number;
  readonly systemMicrosPerCall: number;
  /** CPU per call of every process by its name, database and Redis as well. */
  readonly byProcess: ReadonlyMap<string, CpuUse>;
  /** What all its calls together asked of database, Redis and RPC. */
  readonly work?: BackEndWork;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly residentMiB: number;
}

export interface Load {
  readonly title: string;
  readonly stream: boolean;
  readonly connections: number;
  readonly seconds: number;
  /** Calls per second; absent = as many as are answered. */
  readonly rate?: number;
}

/** What the load generator reports. */
interface LoadResult {
  readonly completed: number;
  readonly failed: number;
  /** What the first failed call was told; empty without one. */
  readonly firstFailure: string;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
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
  const workBefore = await target.readWork?.();
  const watched = [...target.processes, ...target.backEnd];
  const before = watched.map(({ pid }) => readUse(pid));
  const result = await putLoad(target, load);
  // What is settled after the last answer belongs to the calls as well.
  await new Promise((resolve) => {
    setTimeout(resolve, 500);
  });
  const calls = Math.max(1, result.completed);
  const byProcess = new Map<string, CpuUse>();
  for (const [index, { name, pid }] of watched.entries()) {
    const start = before[index];
    if (start !== undefined) {
      const { micros, systemMicros } = useBetween(start, readUse(pid));
      byProcess.set(name, { micros: micros / calls, systemMicros: systemMicros / calls });
    }
  }
  const workAfter = await target.readWork?.();
  const own = target.processes.map(({ name }) => byProcess.get(name));
  return {
    calls: result.completed,
    failed: result.failed,
    firstFailure: result.firstFailure,
    callsPerSecond: result.completed / result.seconds,
    cpuMicrosPerCall: own.reduce((sum, use) => sum + (use?.micros ?? 0), 0),
    systemMicrosPerCall: own.reduce((sum, use) => sum + (use?.systemMicros ?? 0), 0),
    byProcess,
    ...(workBefore === undefined || workAfter === undefined
      ? {}
      : { work: workBetween(workBefore, workAfter, target.ownWork) }),
    p50Ms: result.p50Ms,
    p99Ms: result.p99Ms,
    residentMiB: residentMiB(target.processes),
  };
}

/** Runs the load generator, a process of its own, to its end. */
async function putLoad(target: Target, load: Load): Promise<LoadResult> {
  const order = {
    origins: target.origins,
    path: "/v1/chat/completions",
    headers: target.headers,
    body: body(load.stream),
    connections: load.connections,
    seconds: load.seconds,
    ...(load.rate === undefined ? {} : { rate: load.rate }),
  };
  const generator = startProcess({
    program: "tests/bench/load-main.ts",
    args: [JSON.stringify(order)],
  });
  const { code } = await generator.exited;
  if (code !== 0) {
    throw new Error(`the load generator failed: ${generator.output()}`);
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the only writer is the benchmark's own generator
  return JSON.parse(generator.output().trim().split("\n").at(-1) ?? "{}") as LoadResult;
}
