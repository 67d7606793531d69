import { startProcess } from "@tollgate/local/child-process";
import { freePort } from "@tollgate/local/free-port";
import { callWithBackEndFrozen, compareBill, countOf } from "./bill.ts";
import { type Figures, type Load, measure } from "./measure.ts";
import { printTable } from "./print-table.ts";
import { startBareProxy, startPortkey, startTollgate, type Target } from "./targets.ts";

/**
 * `npm run bench`: every target in turn, in one run, against one upstream, `ROUNDS` times; medians are printed, and ratios
 * to the bare proxy of the same run. `BENCH_SECONDS` (default 4) is the length of one measurement, `BENCH_TARGETS` picks
 * targets, for example `bare,standalone`.
 */
const SECONDS = Number(process.env["BENCH_SECONDS"] ?? 4);
const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 3);
const FIXED_RATE = Number(process.env["BENCH_RATE"] ?? 300);

const LOADS: readonly (Load & { readonly title: string })[] = [
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

const upstreamPort = await freePort();
const upstreamUrl = `http://127.0.0.1:${upstreamPort}`;
const upstream = startProcess({
  program: "tests/bench/upstream-main.ts",
  args: [String(upstreamPort)],
});
await upstream.waitForOutput(/ready/u);

const starters: Readonly<Record<string, () => Promise<Target>>> = {
  bare: () => startBareProxy(upstreamUrl),
  standalone: () => startTollgate("standalone", upstreamUrl),
  split: () => startTollgate("split", upstreamUrl),
  portkey: () => startPortkey(upstreamUrl),
};
const wanted = process.env["BENCH_TARGETS"]?.split(",") ?? Object.keys(starters);
const results = new Map<string, Map<string, Figures[]>>();
const remarks: string[] = [];
for (const name of wanted) {
  const start = starters[name];
  if (start === undefined) {
    throw new Error(`no target is named ${name}; there are ${Object.keys(starters).join(", ")}`);
  }
  await fetch(`${upstreamUrl}/reset`);
  const target = await start();
  say(`${target.name}: ${target.pids.length} process(es)`);
  // Warm: code compiled, key opened, lease sized.
  await measure(target, { stream: false, connections: 32, seconds: 2 });
  await measure(target, { stream: true, connections: 32, seconds: 1 });
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const load of LOADS) {
      const figures = await measure(target, load);
      if (figures.failed > 0) {
        throw new Error(`${target.name}: ${figures.failed} calls failed (${load.title})`);
      }
      const byTarget = results.get(load.title) ?? new Map<string, Figures[]>();
      results.set(load.title, byTarget);
      byTarget.set(target.name, [...(byTarget.get(target.name) ?? []), figures]);
      say(`  ${load.title}: ${figures.cpuMicrosPerCall.toFixed(0)} µs/call`);
    }
  }
  if (target.ledger !== undefined) {
    remarks.push(await compareBill(target, await countOf(upstreamUrl)));
  }
  if (target.platform?.form === "split") {
    const answered = await callWithBackEndFrozen(target.platform, 200);
    remarks.push(
      `${target.name}: with quota, registry, scheduler and admin frozen, ${answered} of 200 warm calls were answered: ` +
        "0 SQL statements, 0 RPCs and 0 Redis calls on their path",
    );
    if (answered < 200) {
      throw new Error(remarks.at(-1));
    }
  }
  await target.stop();
}
await upstream.kill();
printTable(results, remarks);

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
