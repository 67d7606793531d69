import assert from "node:assert/strict";
import { createServer } from "node:net";
import { describe, it } from "node:test";
import { isFault } from "../fault/fault.ts";
import { createLogger } from "../logging/logger.ts";
import { createTemporaryDirectory } from "../testing/temporary-directory.ts";
import { lockDataDir } from "./data-dir-lock.ts";
import { listen } from "./listen.ts";
import { createRunner } from "./runner.ts";

const logger = createLogger({ service: "test", level: "silent" });

describe("a runner", () => {
  it("closes in reverse order, past a closer that fails and one that hangs", async () => {
    const events: string[] = [];
    const exit = (code: number): void => void events.push(`exit ${code}`);
    const runner = createRunner({ logger, drainMs: 20, exit });
    runner.onStop("first", async () => void events.push("first"));
    runner.onStop("failing", async () => {
      throw new Error("cannot");
    });
    runner.onStop("hanging", async (deadline) => {
      deadline.addEventListener("abort", () => events.push("deadline"));
      await new Promise<never>(() => undefined);
    });
    await Promise.all([runner.run(), runner.stop("test")]);
    assert.deepEqual(events, ["deadline", "first", "exit 0"]);
  });

  it("exits with 1 after a failed start, with everything closed", async () => {
    const events: string[] = [];
    const exit = (code: number): void => void events.push(`exit ${code}`);
    const runner = createRunner({ logger, drainMs: 20, exit });
    await runner.start(async () => {
      runner.onStop("opened", async () => void events.push("closed"));
      throw new Error("no database");
    });
    assert.deepEqual(events, ["closed", "exit 1"]);
  });
});

describe("a data directory", () => {
  it("belongs to one owner at a time", () => {
    using folder = createTemporaryDirectory();
    const lock = lockDataDir(folder.path);
    assert.throws(
      () => lockDataDir(folder.path),
      (error) => isFault(error, "DATA_DIR_IN_USE"),
    );
    lock.release();
    lockDataDir(folder.path).release();
  });
});

describe("listening", () => {
  it("says in one sentence that the port is taken", async () => {
    const first = createServer();
    const port = await listen(first, { host: "127.0.0.1", port: 0, what: "HTTP" });
    await assert.rejects(
      listen(createServer(), { host: "127.0.0.1", port, what: "HTTP" }),
      /^Error: cannot serve HTTP on 127\.0\.0\.1:\d+: the port is taken by another process$/u,
    );
    first.close();
  });
});
