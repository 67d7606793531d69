import { readFileSync } from "node:fs";
import { connect } from "node:net";
import type { SplitPlatform } from "../e2e/harness/split.ts";
import type { NamedProcess } from "./process-figures.ts";

/** The database and Redis of the split form. */
export async function backEndProcesses(platform: SplitPlatform): Promise<readonly NamedProcess[]> {
  const pidFile = platform.database
    .run("select if(@@pid_file like '/%', @@pid_file, concat(@@datadir, @@pid_file))")
    .trim();
  return [
    { name: "MariaDB", pid: Number(readFileSync(pidFile, "utf8")) },
    { name: "Redis", pid: await redisInfo(platform, "process_id") },
  ];
}

/** One number of Redis' own report. */
export async function redisInfo({ redis }: SplitPlatform, name: string): Promise<number> {
  const text = await new Promise<string>((resolve, reject) => {
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
  const match = new RegExp(`^${name}:(\\d+)`, "mu").exec(text);
  if (match?.[1] === undefined) {
    throw new Error(`Redis reports no ${name}`);
  }
  return Number(match[1]);
}
