import { join } from "node:path";
import { createTemporaryDirectory } from "@tollgate/kit/testing/temporary-directory";
import { startProcess } from "@tollgate/local/child-process";
import { freePort } from "@tollgate/local/free-port";
import { record } from "../e2e/harness/admin-client.ts";
import { keyOfUser, makeUser } from "../e2e/harness/builders.ts";
import { compareBill, costOf, countOf } from "./bill.ts";
import { type Figures, measure } from "./measure.ts";
import type { NamedProcess } from "./process-figures.ts";
import { startTollgateSplit, type Target, waitForModel } from "./targets.ts";

const RELAYS = 4;
/** 10 USD: all that is measured costs less than half of it, and four relays cannot lease as if there were no end to it. */
const BALANCE_UNITS = 5_000_000;

/** Something that is stopped when the section ends, whether it failed or not. */
type OnStop = (stop: () => Promise<unknown>) => void;

export interface HotUserWish {
  readonly upstreamUrl: string;
  readonly seconds: number;
  readonly onStop: OnStop;
}

/**
 * One user's key on several relays at full speed: they share one wallet, one quota and one database, so they lease from the
 * same row all the time. The user is solvent, so nothing may be refused, and the bill must be exact. Throws when it is not.
 */
export async function measureHotUser(wish: HotUserWish): Promise<string> {
  const { seconds } = wish;
  const target = await startRelays(wish);
  const before = await target.balance();
  const load = { title: "hot user", stream: false, connections: 64 };
  const runs = [
    // Cold: every relay asks for its first lease at once.
    await measure(target, { ...load, seconds: 2 }),
    await measure(target, { ...load, seconds }),
  ];
  for (const { failed, firstFailure } of runs) {
    if (failed > 0) {
      throw new Error(`${failed} calls of a solvent user were refused: ${firstFailure}`);
    }
  }
  const bill = await compareBill(target);
  const spent = before - (await target.balance());
  const truth = costOf(await countOf(target));
  if (spent !== truth) {
    throw new Error(`the wallet paid ${spent} nano-USD, the upstream counted ${truth}`);
  }
  return [
    `### One user over ${RELAYS} relays`,
    "",
    ...linesOf(runs),
    `- the wallet paid ${spent} of ${before} nano-USD`,
    `- ${bill}`,
    "",
  ].join("\n");
}

interface HotTarget extends Target {
  /** Nano-USD of the user; what leases hold still counts. */
  readonly balance: () => Promise<bigint>;
}

/** The split form with more relays beside its own, each with a journal of its own. */
async function startRelays({ upstreamUrl, onStop }: HotUserWish): Promise<HotTarget> {
  const target = await startTollgateSplit(upstreamUrl);
  onStop(target.stop);
  const { split } = target;
  const folder = createTemporaryDirectory();
  onStop(async () => folder.remove());
  const origins = [...target.origins];
  const processes: NamedProcess[] = [...target.processes];
  for (let number = 2; number <= RELAYS; number += 1) {
    const port = await freePort();
    const origin = `http://127.0.0.1:${port}`;
    const relay = startProcess({
      program: "services/relay/src/main.ts",
      env: {
        ...split.environmentOf("relay"),
        DATA_DIR: join(folder.path, String(number)),
        PORT: String(port),
        RPC_PORT: String(await freePort()),
      },
    });
    onStop(async () => relay.terminate());
    await relay.waitForHttp(`${origin}/readyz`, 30_000);
    await waitForModel(origin, split.rootKey);
    origins.push(origin);
    processes.push({ name: `relay ${number}`, pid: relay.pid });
  }
  const scene = { platform: () => split, upstream: neverAsked };
  const user = await makeUser(scene, "hot", BALANCE_UNITS);
  const key = await keyOfUser(scene, user);
  return {
    ...target,
    name: "hot user",
    headers: { ...target.headers, authorization: `Bearer ${key}` },
    origins,
    processes,
    balance: async () => {
      const { balance_nano: balance } = record(
        await split.admin.call("GET", `/api/user/${user.id}`),
      );
      return BigInt(String(balance));
    },
  };
}

function neverAsked(): never {
  throw new Error("the benchmark has an upstream of its own");
}

function linesOf(runs: readonly Figures[]): readonly string[] {
  const calls = runs.reduce((sum, run) => sum + run.calls, 0);
  const last = runs.at(-1);
  if (last === undefined) {
    return [];
  }
  const { work, byProcess } = last;
  const perCall = (total = 0): string => (total / last.calls).toFixed(4);
  const cpu = [...byProcess].map(([name, { micros }]) => `${name} ${micros.toFixed(1)}`);
  return [
    `- ${last.callsPerSecond.toFixed(0)} calls/s, p50 ${last.p50Ms.toFixed(2)} ms, p99 ${last.p99Ms.toFixed(2)} ms`,
    `- 0 of ${calls} calls were refused`,
    `- CPU µs/call: ${last.cpuMicrosPerCall.toFixed(0)} without the database and Redis: ${cpu.join(", ")}`,
    `- per call: ${perCall(work?.statements)} statements, ${perCall(work?.commits)} commits, ${perCall(work?.redisCommands)} Redis commands`,
  ];
}
