import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import type { PrivateMariaDb } from "@tollgate/local/mariadb";
import type { SplitPlatform } from "../e2e/harness/split.ts";
import type { NamedProcess } from "./process-figures.ts";

/** What was asked of database, Redis and RPC so far, or between two readings. */
export interface BackEndWork {
  /** Statements that MariaDB was sent by anybody. */
  readonly statements: number;
  readonly commits: number;
  /** Commands that Redis was sent by anybody. */
  readonly redisCommands: number;
  /** Of all RPC connections of the relay, by the kernel's count. */
  readonly rpcBytesSent: number;
  readonly rpcBytesReceived: number;
}

export type ReadBackEndWork = () => Promise<BackEndWork>;

/** The database and Redis of the split form. */
export async function backEndProcesses(platform: SplitPlatform): Promise<readonly NamedProcess[]> {
  return [
    { name: "MariaDB", pid: databasePid(platform.database) },
    { name: "Redis", pid: numberIn(await redisInfo(platform), "process_id:") },
  ];
}

/** The process of a private MariaDB. */
export function databasePid(database: PrivateMariaDb): number {
  const pidFile = database
    .run("select if(@@pid_file like '/%', @@pid_file, concat(@@datadir, @@pid_file))")
    .trim();
  return Number(readFileSync(pidFile, "utf8"));
}

/** Reads the counters of all three. A reading is itself work: {@link costOfReading} tells how much. */
export async function readBackEndWork(platform: SplitPlatform): Promise<BackEndWork> {
  const status = platform.database.run(
    "show global status where variable_name in ('Questions', 'Com_commit')",
  );
  const redis = await redisInfo(platform);
  return {
    statements: numberIn(status, "Questions\t"),
    commits: numberIn(status, "Com_commit\t"),
    redisCommands: numberIn(redis, "total_commands_processed:"),
    ...rpcBytes(platform),
  };
}

/** What two readings count of themselves: the least difference of some that follow each other at once. */
export async function costOfReading(read: ReadBackEndWork): Promise<BackEndWork> {
  let before = await read();
  let least: BackEndWork | undefined;
  for (let reading = 0; reading < 4; reading += 1) {
    const after = await read();
    const difference = workBetween(before, after);
    if (least === undefined || difference.statements < least.statements) {
      least = difference;
    }
    before = after;
  }
  return { ...workBetween(before, before), ...least, rpcBytesSent: 0, rpcBytesReceived: 0 };
}

/** What lies between two readings, without what `own` says that reading costs. */
export function workBetween(
  before: BackEndWork,
  after: BackEndWork,
  own?: BackEndWork,
): BackEndWork {
  const difference = (name: keyof BackEndWork): number =>
    after[name] - before[name] - (own?.[name] ?? 0);
  return {
    statements: difference("statements"),
    commits: difference("commits"),
    redisCommands: difference("redisCommands"),
    rpcBytesSent: difference("rpcBytesSent"),
    rpcBytesReceived: difference("rpcBytesReceived"),
  };
}

async function redisInfo({ redis }: SplitPlatform): Promise<string> {
  return new Promise<string>((resolve, reject) => {
    let answer = "";
    const socket = connect(redis.port, "127.0.0.1", () => {
      socket.write("INFO\r\nQUIT\r\n");
    });
    socket.setTimeout(5000, () => socket.destroy(new Error("Redis does not answer")));
    socket.on("data", (piece: Buffer) => {
      answer += piece.toString("utf8");
    });
    socket.once("error", reject);
    socket.once("close", () => resolve(answer));
  });
}

/** The kernel counts the bytes of every connection; `ss` tells them, two lines for each. */
function rpcBytes(platform: SplitPlatform): Pick<BackEndWork, "rpcBytesSent" | "rpcBytesReceived"> {
  const relay = platform.environmentOf("relay");
  const ports = ["QUOTA_ADDRESS", "REGISTRY_ADDRESS", "SCHEDULER_ADDRESS", "RELAY_ADDRESS"].map(
    (name) => relay[name]?.split(":").at(-1) ?? "",
  );
  const { status, stdout, error } = spawnSync("ss", ["-tinpOH", "state", "established"], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) {
    throw new Error(`ss, of the package iproute2, cannot be run: ${error?.message ?? status}`);
  }
  const lines = stdout
    .split("\n")
    .filter(
      (line) =>
        line.includes(`pid=${platform.relayPid()},`) &&
        ports.some((port) => line.includes(`127.0.0.1:${port} `)),
    );
  if (lines.length === 0) {
    throw new Error("the relay has no RPC connection to count the bytes of");
  }
  const sum = (name: string): number =>
    lines.reduce((total, line) => total + Number(line.match(`${name}:(\\d+)`)?.[1] ?? 0), 0);
  return { rpcBytesSent: sum("bytes_sent"), rpcBytesReceived: sum("bytes_received") };
}

function numberIn(text: string, name: string): number {
  const match = new RegExp(`^${name}(\\d+)`, "mu").exec(text);
  if (match?.[1] === undefined) {
    throw new Error(`there is no ${name.trim()} in: ${text.slice(0, 200)}`);
  }
  return Number(match[1]);
}
