import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createAdminClient, record, records } from "../e2e/harness/admin-client.ts";
import { ROOT_ACCESS_TOKEN, ROOT_KEY, ROOT_PASSWORD } from "../e2e/harness/platform.ts";
import { type ClientCall, promptCanary } from "./client-call.ts";
import { type ClientFleet, startFleet } from "./client-fleet.ts";
import { type OutsideBooks, readDatabase } from "./evidence.ts";
import { planFaults } from "./fault-plan.ts";
import { findLeaks } from "./find-leaks.ts";
import { type Deposits, makePayer, openDeposits, type Payer, type PayerWish } from "./payers.ts";
import { type PlayedFault, playFaults } from "./play-faults.ts";
import { type Plant, plantedSql } from "./plants.ts";
import { priceOptions } from "./prices.ts";
import { createRandom } from "./random.ts";
import { startSystem, type System } from "./system.ts";
import { replyCanary, startUpstream, type Upstream } from "./upstream.ts";
import { findVerdict, type Verdict } from "./verdict.ts";

export interface ChaosOptions {
  readonly seed: string;
  /** How long faults are played. */
  readonly lengthMs: number;
  /** Mean time between two faults. */
  readonly gapMs: number;
  /** Emptied first; logs, journals and books stay there. */
  readonly folder: string;
  readonly note: (text: string) => void;
}

/** A run that has come to rest. */
export interface RestingChaos {
  readonly faults: readonly PlayedFault[];
  /** Processes that ended without being told to, and how often. */
  readonly ownExits: Readonly<Record<string, number>>;
  /** The verdict, also as it would be with something spoilt. */
  verdict(plant?: Plant): Verdict;
  stop(): Promise<void>;
}

const channels = 4;
/** Gets no last deposit, which would hide an overdraft. */
const destitute = "poor-two";
const payerWishes: readonly PayerWish[] = [
  { name: "rich-one", kind: "rich" },
  { name: "rich-two", kind: "rich" },
  { name: "rich-three", kind: "rich" },
  { name: "poor-one", kind: "poor" },
  { name: destitute, kind: "poor" },
  { name: "capped", kind: "capped" },
  { name: "toggled", kind: "toggled" },
];
const credential = "upstreamcanary51c8";
const toleratedRefusalMs = 2000;
const probeMs = 4000;
const drainMs = 40_000;
const eventualMs = 300_000;

/** Plays faults on the whole system under load, lets it come to rest, and gathers the evidence. */
export async function runChaos(options: ChaosOptions): Promise<RestingChaos> {
  const { seed, folder, note } = options;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const upstream = await startUpstream();
  const system = await startSystem(folder);
  const stop = async (): Promise<void> => {
    await system.stop();
    await upstream.close();
  };
  try {
    note("everything runs");
    const scene = await setUp(system, upstream, seed);
    const fleet = startFleet({ seed, payers: scene.payers, relayUrls: system.relayUrls });
    const faults = await playAll(options, { ...scene, system });
    note("faults are over");
    const refusedProbes = await probeSolvent(scene, fleet, system);
    await fleet.stop();
    note("load is over");
    await drain(system, note);
    const toldViolations = await askLedger(system);
    const leaks = findAllLeaks(system, scene.payers);
    const books: OutsideBooks = {
      payers: scene.payers,
      calls: fleet.book,
      tries: upstream.books,
      deposits: scene.deposits.book,
      refusedProbes,
      toldViolations,
      leaks,
    };
    keepBooks(folder, books, faults);
    return {
      faults,
      ownExits: Object.fromEntries(system.processes().map((one) => [one.name, one.ownExits()])),
      verdict: (plant) => {
        const planted = plant === undefined ? "" : plantedSql(plant, books);
        return findVerdict({
          ...books,
          ...readDatabase((statements) => system.sql(statements), planted),
        });
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface ChaosScene {
  readonly payers: readonly Payer[];
  readonly deposits: Deposits;
}

async function setUp(system: System, upstream: Upstream, seed: string): Promise<ChaosScene> {
  const { adminUrl } = system;
  const admin = createAdminClient(adminUrl, ROOT_ACCESS_TOKEN);
  for (const option of [{ key: "RetryTimes", value: "3" }, ...priceOptions()]) {
    await admin.call("PUT", "/api/option/", option);
  }
  for (let number = 1; number <= channels; number += 1) {
    await admin.call("POST", "/api/channel/", {
      type: 1,
      name: `chaos-${number}`,
      key: `${credential}-${number}`,
      base_url: upstream.url,
      // Probes have a channel of their own, which no refusal of the load has cooled.
      models: number === channels ? "chaos-large" : "chaos-small",
      group: "default",
    });
  }
  const replays = createRandom(`${seed} replays`);
  const deposits = openDeposits(adminUrl, ROOT_ACCESS_TOKEN, () => replays.chance(0.25));
  const payers: Payer[] = [];
  for (const wish of payerWishes) {
    payers.push(await makePayer({ admin, adminUrl, deposits }, wish));
  }
  for (const url of system.relayUrls) {
    await eventually(`${url} routes both models`, async () => {
      const response = await fetch(`${url}/v1/models`, {
        headers: { authorization: `Bearer ${ROOT_KEY}` },
      });
      const body: unknown = await response.json();
      return response.ok && records(record(body)["data"]).length >= 2;
    });
  }
  return { payers, deposits };
}

async function playAll(
  { seed, lengthMs, gapMs, note }: ChaosOptions,
  { system, payers, deposits }: ChaosScene & { readonly system: System },
): Promise<readonly PlayedFault[]> {
  const random = createRandom(`${seed} deposits`);
  const load = { isOver: false };
  const deposit = async (): Promise<void> => {
    while (!load.isOver) {
      const needy = payers.filter(({ kind }) => kind === "poor" || random.chance(0.2));
      await deposits.make(random.pick(needy).userId, random.integer(50, 300));
      await sleep(random.integer(200, 1500));
    }
  };
  const depositing = deposit();
  const toggled = payers.find(({ kind }) => kind === "toggled");
  const switchKey = async (isOn: boolean): Promise<void> => {
    await eventually("the key is switched", async () => {
      const body = { id: toggled?.keyId, status: isOn ? 1 : 2 };
      const envelope = await toggled?.own.raw("PUT", "/api/token/?status_only=true", body);
      return envelope?.success === true;
    });
  };
  const faults = await playFaults({ system, switchKey, note }, planFaults(seed, lengthMs, gapMs));
  load.isOver = true;
  await depositing;
  return faults;
}

/** Whoever has money is served by every relay, from two seconds after the last fault on. */
async function probeSolvent(
  { payers, deposits }: ChaosScene,
  fleet: ClientFleet,
  { relayUrls }: System,
): Promise<readonly ClientCall[]> {
  const startMs = Date.now();
  const refused: ClientCall[] = [];
  const probe = async (payer: Payer, relay: string): Promise<void> => {
    while (Date.now() < startMs + probeMs) {
      const call = await fleet.probe(payer, relay);
      if (!call.sawEnd && call.startedAtMs > startMs + toleratedRefusalMs) {
        refused.push(call);
      }
      await sleep(250);
    }
  };
  await Promise.all(
    payers
      .filter(({ kind, name }) => kind !== "capped" && name !== destitute)
      .map(async (payer) => {
        if (payer.kind === "poor") {
          await deposits.make(payer.userId, 100_000);
        }
        await Promise.all(relayUrls.map(async (relay) => probe(payer, relay)));
      }),
  );
  return refused;
}

/** Relays stop as they do for a deployment: they give leases back and hand their journals over. */
async function drain({ relays }: System, note: (text: string) => void): Promise<void> {
  const stopped = await Promise.all(relays.map(async (one) => one.stop(drainMs)));
  if (stopped.includes(false)) {
    throw new Error(`a relay did not stop within ${drainMs} ms`);
  }
  note("journals are handed over");
}

async function askLedger({ adminUrl }: System): Promise<readonly string[]> {
  const admin = createAdminClient(adminUrl, ROOT_ACCESS_TOKEN);
  let told: readonly string[] = [];
  await eventually("the ledger is checked", async () => {
    const { success, data } = await admin.raw("GET", "/api/ledger/check");
    const violations = success ? record(data)["violations"] : undefined;
    told = Array.isArray(violations) ? violations.map(String) : [];
    return Array.isArray(violations);
  });
  return told;
}

/** Journals, logs, snapshots and the database's own files, and beside them a dump of the database and of Redis. */
function findAllLeaks(system: System, payers: readonly Payer[]): readonly string[] {
  const { folder } = system;
  writeFileSync(join(folder, "dump.sql"), system.dumpDatabase());
  const redisPort = new URL(system.redisUrl()).port;
  for (const args of [
    ["config", "set", "rdbcompression", "no"],
    ["--rdb", join(folder, "dump.rdb")],
  ]) {
    const { status, stderr } = spawnSync("redis-cli", ["-p", redisPort, ...args]);
    if (status !== 0) {
      throw new Error(`redis-cli failed: ${String(stderr)}`);
    }
  }
  return findLeaks(folder, [
    { what: "a prompt", text: promptCanary },
    { what: "a reply", text: replyCanary },
    { what: "an upstream credential", text: credential },
    { what: "the root's password", text: ROOT_PASSWORD },
    { what: "the root's key", text: ROOT_KEY.slice(3) },
    { what: "the root's access token", text: ROOT_ACCESS_TOKEN },
    ...payers.map(({ key, name }) => ({ what: `the key of ${name}`, text: key.slice(3) })),
    ...payers.map(({ name }) => ({ what: "a password", text: `password of ${name}` })),
  ]);
}

function keepBooks(folder: string, books: OutsideBooks, faults: readonly PlayedFault[]): void {
  const write = (name: string, items: readonly unknown[]): void => {
    writeFileSync(join(folder, name), items.map((item) => `${JSON.stringify(item)}\n`).join(""));
  };
  write("clients.jsonl", books.calls);
  write("upstream.jsonl", [...books.tries.values()].flat());
  write("deposits.jsonl", books.deposits);
  write("faults.jsonl", faults);
}

async function eventually(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  const endMs = Date.now() + eventualMs;
  for (;;) {
    const isDone = await isTrue().catch(() => false);
    if (isDone) {
      return;
    }
    if (Date.now() > endMs) {
      throw new Error(`not within five minutes: ${what}`);
    }
    await sleep(200);
  }
}

async function sleep(ms: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
