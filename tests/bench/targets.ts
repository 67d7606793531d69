import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { startProcess } from "@tollgate/local/child-process";
import { freePort } from "@tollgate/local/free-port";
import { record, records } from "../e2e/harness/admin-client.ts";
import { eventually } from "../e2e/harness/builders.ts";
import type { Platform } from "../e2e/harness/platform.ts";
import { type SplitPlatform, startSplit } from "../e2e/harness/split.ts";
import { startStandalone } from "../e2e/harness/standalone.ts";
import {
  backEndProcesses,
  type BackEndWork,
  costOfReading,
  readBackEndWork,
  type ReadBackEndWork,
} from "./back-end.ts";
import type { NamedProcess } from "./process-figures.ts";

/** Something between the load generator and the upstream. */
export interface Target {
  readonly name: string;
  /** Where load goes, in equal parts. */
  readonly origins: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  /** Its processes, each measured by its name. */
  readonly processes: readonly NamedProcess[];
  /** Database and Redis: measured, and left out of the target's sum. */
  readonly backEnd: readonly NamedProcess[];
  /** Where it finds the upstream: a base path of its own, whose calls are counted apart. */
  readonly upstreamUrl: string;
  /** Nano-USD and calls that its ledger holds, for targets that have one. */
  readonly ledger?: () => Promise<LedgerFigures>;
  /** Reads what it has asked of database, Redis and RPC so far. */
  readonly readWork?: ReadBackEndWork;
  /** What reading that costs itself. */
  readonly ownWork?: BackEndWork;
  /** The five processes with what stands behind them. */
  readonly split?: SplitPlatform;
  readonly stop: () => Promise<unknown>;
}

interface LedgerFigures {
  readonly costNanos: bigint;
  readonly calls: number;
  readonly violations: readonly string[];
}

const ENVIRONMENT = { LOG_LEVEL: "warn" };
const JSON_HEADERS = { "content-type": "application/json" };

/** The yardstick. */
export async function startBareProxy(upstreamUrl: string): Promise<Target> {
  const port = await freePort();
  const process = startProcess({
    program: "tests/bench/bare-proxy-main.ts",
    args: [String(port), upstreamUrl],
  });
  await process.waitForOutput(/ready/u);
  return {
    name: "bare proxy",
    origins: [`http://127.0.0.1:${port}`],
    headers: JSON_HEADERS,
    processes: [{ name: "bare proxy", pid: process.pid }],
    backEnd: [],
    upstreamUrl,
    stop: () => process.kill(),
  };
}

/** Tollgate in one process on SQLite. */
export async function startTollgateStandalone(upstreamUrl: string): Promise<Target> {
  const platform = await startStandalone(ENVIRONMENT);
  return {
    ...(await tollgateTarget(platform, upstreamUrl)),
    processes: [{ name: "standalone", pid: platform.relayPid() }],
    backEnd: [],
  };
}

/** Tollgate in five processes on MariaDB and Redis. */
export async function startTollgateSplit(
  upstreamUrl: string,
): Promise<Target & { readonly split: SplitPlatform }> {
  const platform = await startSplit(ENVIRONMENT);
  const readWork = async (): Promise<BackEndWork> => readBackEndWork(platform);
  return {
    ...(await tollgateTarget(platform, upstreamUrl)),
    processes: platform.processes(),
    backEnd: await backEndProcesses(platform),
    readWork,
    ownWork: await costOfReading(readWork),
    split: platform,
  };
}

async function tollgateTarget(
  platform: Platform,
  upstreamUrl: string,
): Promise<Omit<Target, "processes" | "backEnd">> {
  await platform.admin.call("POST", "/api/channel/", {
    type: 1,
    name: "bench",
    key: "upstream-key",
    base_url: upstreamUrl,
    models: "gpt-4o-mini",
    group: "default",
  });
  await waitForModel(platform.relayUrl, platform.rootKey);
  return {
    name: `Tollgate ${platform.form}`,
    origins: [platform.relayUrl],
    headers: { ...JSON_HEADERS, authorization: `Bearer ${platform.rootKey}` },
    upstreamUrl,
    ledger: async () => readLedger(platform),
    stop: () => platform.stop(),
  };
}

/** Waits until a relay routes the benchmark's model. */
export async function waitForModel(origin: string, key: string): Promise<void> {
  await eventually("the relay routes the benchmark's model", async () => {
    const response = await fetch(`${origin}/v1/models`, {
      headers: { authorization: `Bearer ${key}` },
    });
    return records(record(await response.json())["data"]).some(
      (model) => model["id"] === "gpt-4o-mini",
    );
  });
}

async function readLedger(platform: Platform): Promise<LedgerFigures> {
  const check = record(await platform.admin.call("GET", "/api/ledger/check"));
  const violations = check["violations"];
  return {
    costNanos: BigInt(String(check["usage_cost_nano"])),
    calls: Number(check["usage_rows"]),
    violations: Array.isArray(violations) ? violations.map(String) : [],
  };
}

/** The peer gateway, installed into a folder of its own when it is not there yet. */
export async function startPortkey(upstreamUrl: string): Promise<Target> {
  const folder = join(import.meta.dirname, "portkey");
  if (!existsSync(join(folder, "node_modules/@portkey-ai/gateway"))) {
    const { status, stderr } = spawnSync("npm", ["ci", "--ignore-scripts"], {
      cwd: folder,
      encoding: "utf8",
    });
    if (status !== 0) {
      throw new Error(`the peer gateway cannot be installed: ${stderr}`);
    }
  }
  const port = await freePort();
  const started = startProcess({
    program: process.execPath,
    args: [
      "node_modules/@portkey-ai/gateway/build/start-server.js",
      `--port=${port}`,
      "--headless",
    ],
    cwd: folder,
  });
  await started.waitForHttp(`http://127.0.0.1:${port}/`, 20_000);
  return {
    name: "Portkey 1.15.2",
    origins: [`http://127.0.0.1:${port}`],
    headers: {
      ...JSON_HEADERS,
      authorization: "Bearer upstream-key",
      "x-portkey-provider": "openai",
      "x-portkey-custom-host": `${upstreamUrl}/v1`,
    },
    processes: [{ name: "Portkey", pid: started.pid }],
    backEnd: [],
    upstreamUrl,
    stop: () => started.kill(),
  };
}
