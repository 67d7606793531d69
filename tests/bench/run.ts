import { parseArgs } from "node:util";
import { startProcess } from "@tollgate/local/child-process";
import { freePort } from "@tollgate/local/free-port";
import { compareBill } from "./bill.ts";
import { callWithBackEndFrozen, checkFrozenCalls } from "./frozen-calls.ts";
import { measureHotUser } from "./hot-user.ts";
import type { Load } from "./measure.ts";
import { tablesOf } from "./print-table.ts";
import { measureInTurns, warmUp } from "./rounds.ts";
import { measureSettlement } from "./settlement.ts";
import {
  startBareProxy,
  startPortkey,
  startTollgateSplit,
  startTollgateStandalone,
  type Target,
} from "./targets.ts";

/**
 * `npm run bench`: starts every target, then measures them in turns against one upstream, `BENCH_ROUNDS` times (default 7)
 * for `BENCH_SECONDS` each (default 3); prints medians, and ratios to the bare proxy of the same round. `BENCH_TARGETS`
 * picks targets, for example `bare,standalone`; the first is what the others are compared with. `-- --only settlement,hot-user`
 * runs some of the three sections.
 */
const SECONDS = Number(process.env["BENCH_SECONDS"] ?? 3);
const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 7);
const FROZEN_CALLS = 200;
const FIXED_RATE = Number(process.env["BENCH_RATE"] ?? 300);

const LOADS: readonly Load[] = [
  { title: "whole reply, 64 connections", stream: false, connections: 64, seconds: SECONDS },
  { title: "40-chunk stream, 64 connections", stream: true, connections: 64, seconds: SECONDS },
  {
    title: `whole reply at ${FIXED_RATE} calls/s`,
    stream: false,
    connections: 64,
    seconds: SECONDS,
    rate: FIXED_RATE,
  },
];
const STARTERS: Readonly<Record<string, (upstreamUrl: string) => Promise<Target>>> = {
  bare: startBareProxy,
  standalone: startTollgateStandalone,
  split: startTollgateSplit,
  portkey: startPortkey,
};

const SECTIONS: Readonly<Record<string, () => Promise<void>>> = {
  targets: async () => compareTargets(await startUpstream()),
  settlement: async () => say(await measureSettlement()),
  "hot-user": async () =>
    say(
      await measureHotUser({
        upstreamUrl: `${await startUpstream()}/t/hot-user`,
        seconds: SECONDS * 3,
        onStop: (stop) => stops.push(stop),
      }),
    ),
};

const stops: (() => Promise<unknown>)[] = [];
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    void stopAll().finally(() => process.exit(1));
  });
}
for (const name of wantedSections()) {
  try {
    await SECTIONS[name]?.();
  } finally {
    await stopAll();
  }
}

function wantedSections(): readonly string[] {
  const { values } = parseArgs({ options: { only: { type: "string" } } });
  const names = values.only?.split(",") ?? Object.keys(SECTIONS);
  const unknown = names.find((name) => !(name in SECTIONS));
  if (unknown !== undefined) {
    throw new Error(
      `no section is named ${unknown}; there are ${Object.keys(SECTIONS).join(", ")}`,
    );
  }
  return names;
}

async function compareTargets(upstreamUrl: string): Promise<void> {
  const targets: Target[] = [];
  for (const name of process.env["BENCH_TARGETS"]?.split(",") ?? Object.keys(STARTERS)) {
    const start = STARTERS[name];
    if (start === undefined) {
      throw new Error(`no target is named ${name}; there are ${Object.keys(STARTERS).join(", ")}`);
    }
    const target = await start(`${upstreamUrl}/t/${name}`);
    stops.push(target.stop);
    targets.push(target);
    say(`${target.name}: ${target.processes.length} process(es)`);
  }
  await warmUp(targets);
  const rounds = await measureInTurns({ targets, loads: LOADS, rounds: ROUNDS, say });
  // Printed before the checks, so that a failure does not cost the figures.
  say(tablesOf(rounds));
  for (const target of targets) {
    if (target.ledger !== undefined) {
      say(`- ${await compareBill(target)}`);
    }
    if (target.split !== undefined) {
      const frozen = await callWithBackEndFrozen(target.split, FROZEN_CALLS);
      say(`- ${target.name}: ${checkFrozenCalls(frozen, FROZEN_CALLS)}`);
    }
  }
}

async function startUpstream(): Promise<string> {
  const port = await freePort();
  const upstream = startProcess({
    program: "tests/bench/upstream-main.ts",
    args: [String(port)],
  });
  stops.push(() => upstream.kill());
  await upstream.waitForOutput(/ready/u);
  return `http://127.0.0.1:${port}`;
}

async function stopAll(): Promise<void> {
  // Taken off first: a signal and the end of the run may both come here.
  for (const stop of stops.splice(0).toReversed()) {
    await stop();
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
