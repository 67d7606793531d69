import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
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

describe("a runner's process", () => {
  const program = `
    import { createLogger } from "${import.meta.resolve("../logging/logger.ts")}";
    import { createRunner } from "${import.meta.resolve("./runner.ts")}";
    const runner = createRunner({
      logger: createLogger({ service: "test", level: "info" }),
      drainMs: 60_000,
    });
    runner.onStop("part", () => new Promise((resolve) => {
      process.once("message", resolve);
      process.send("draining");
    }));
    // Something is open until the process exits.
    setInterval(() => undefined, 1000);
    // After everything else: the very end.
    process.on("exit", () => process.kill(process.pid, "SIGTERM"));
    process.send("running");
  `;
  const start = async () => {
    const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
      stdio: ["ignore", "pipe", "inherit", "ipc"],
    });
    const exited = once(child, "exit");
    const output = text(child.stdout ?? Readable.from([]));
    await once(child, "message");
    child.kill("SIGTERM");
    await once(child, "message");
    return { child, exited, output };
  };

  it(
    "exits with 0 also when another signal comes at the very end",
    { timeout: 20_000 },
    async () => {
      const { child, exited, output } = await start();
      child.send("go on");
      assert.deepEqual(await exited, [0, null]);
      assert.match(await output, /"stopped"/u);
    },
  );

  it(
    "exits with 130 and a line of its own at a second signal while it drains",
    { timeout: 20_000 },
    async () => {
      const { child, exited, output } = await start();
      // Signals of the first half second count as echoes of the first.
      const again = setInterval(() => child.kill("SIGTERM"), 100);
      assert.deepEqual(await exited, [130, null]);
      clearInterval(again);
      assert.match(await output, /stopped at once by a second signal/u);
    },
  );
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
