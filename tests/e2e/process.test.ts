import assert from "node:assert/strict";
import { createServer } from "node:net";
import { describe, it } from "node:test";
import { createTemporaryDirectory } from "@tollgate/kit/testing/temporary-directory";
import { type ProcessOptions, startProcess } from "@tollgate/local/child-process";
import { freePort } from "@tollgate/local/free-port";
import { startRedis } from "@tollgate/local/redis";
import { makeChannel } from "./harness/builders.ts";
import { chat, eventsOf } from "./harness/chat.ts";
import { ROOT_KEY } from "./harness/platform.ts";
import { startStandalone } from "./harness/standalone.ts";
import { startMockUpstream } from "#mock-upstream/server.ts";

const standalone = (options: Omit<ProcessOptions, "program">) =>
  startProcess({ program: "services/standalone/src/main.ts", ...options });

/** How the one process starts, refuses to start, and stops. */
describe("process", () => {
  it("starts in an empty folder here, where no developer's .env is read", async () => {
    await using started = startProcess({
      program: process.execPath,
      args: ["--print", "fs.readdirSync('.').length"],
    });
    assert.equal((await started.exited).code, 0);
    assert.equal(started.output(), "0\n");
  });

  it("--version and --help answer and exit 0", async () => {
    for (const [flag, pattern] of [
      ["--version", /tollgate \d+\.\d+\.\d+/u],
      ["--help", /--port PORT/u],
    ] as const) {
      await using process = standalone({ args: [flag] });
      assert.equal((await process.exited).code, 0);
      assert.match(process.output(), pattern);
    }
  });

  it("an unknown flag is refused with the help text", async () => {
    await using process = standalone({ args: ["--no-such-flag"] });
    assert.equal((await process.exited).code, 64);
    assert.match(process.output(), /Usage/u);
  });

  it("every violation of the configuration is told at once, exit 78", async () => {
    await using process = standalone({
      env: {
        PORT: "not-a-port",
        RELAY_TIMEOUT: "soon",
        LOG_LEVEL: "loud",
        SQL_DSN: "what://is.this",
        CHANNEL_TEST_FREQUENCY: "-5",
      },
    });
    assert.equal((await process.exited).code, 78);
    for (const name of [
      "PORT",
      "RELAY_TIMEOUT",
      "LOG_LEVEL",
      "SQL_DSN",
      "CHANNEL_TEST_FREQUENCY",
    ]) {
      assert.match(process.output(), new RegExp(`- ${name}: `, "u"));
    }
  });

  it("a port that is taken is one clear line", async () => {
    using folder = temporaryFolder();
    const port = await freePort();
    const other = createServer();
    await new Promise<void>((resolve) => {
      other.listen({ host: "127.0.0.1", port }, resolve);
    });
    try {
      await using process = standalone({
        env: { PORT: String(port), HOST: "127.0.0.1", DATA_DIR: folder.path, LOG_LEVEL: "error" },
      });
      assert.equal((await process.exited).code, 1);
      assert.match(process.output(), /the port is taken by another process/u);
    } finally {
      other.close();
    }
  });

  it("a second process on the same data folder is refused, and the first is unharmed", async () => {
    using folder = temporaryFolder();
    const ports = [await freePort(), await freePort()];
    const start = (port: number) =>
      standalone({ env: { PORT: String(port), HOST: "127.0.0.1", DATA_DIR: folder.path } });
    await using first = start(ports[0] ?? 0);
    await first.waitForHttp(`http://127.0.0.1:${ports[0]}/healthz`);
    await using second = start(ports[1] ?? 0);
    assert.equal((await second.exited).code, 1);
    assert.match(second.output(), /data (?:folder|directory)/iu);
    assert.equal((await fetch(`http://127.0.0.1:${ports[0]}/healthz`)).status, 200);
    assert.equal((await first.terminate()).code, 0);
  });

  it("a first start without a root prints the one-time link and holds no default password", async () => {
    using folder = temporaryFolder();
    const port = await freePort();
    await using process = standalone({
      env: { PORT: String(port), HOST: "127.0.0.1", DATA_DIR: folder.path },
    });
    const [link] = await process.waitForOutput(/http:\/\/localhost:\d+\/setup#code=\S+/u);
    assert.ok(link.length > 40);
    const login = await fetch(`http://127.0.0.1:${port}/api/user/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ username: "root", password: "123456" }),
    });
    assert.match(await login.text(), /"success":false/u);
  });

  it("a scheduler whose Redis was never there, or is lost, stops long before its time is up", async () => {
    const nobody = `127.0.0.1:${await freePort()}`;
    const scheduler = (redisUrl: string) =>
      startProcess({
        program: "services/scheduler/src/main.ts",
        env: {
          RPC_PORT: "0",
          REDIS_CONN_STRING: redisUrl,
          QUOTA_ADDRESS: nobody,
          REGISTRY_ADDRESS: nobody,
          RELAY_ADDRESS: nobody,
          DRAIN_SECONDS: "600",
        },
      });
    await using lonely = scheduler(`redis://${nobody}`);
    await lonely.waitForOutput(/"scheduler started"/u);
    assert.equal((await lonely.terminate()).code, 0);

    await using redis = await startRedis();
    await using bereft = scheduler(redis.url);
    await bereft.waitForOutput(/"schedules set"/u);
    await redis.stop();
    assert.equal((await bereft.terminate()).code, 0);
  });

  it("SIGTERM lets open streams end, takes no new calls, and exits 0", async () => {
    const upstream = await startMockUpstream();
    const platform = await startStandalone({ DRAIN_SECONDS: "10" });
    const scene = { platform: () => platform, upstream: () => upstream };
    await makeChannel(scene, { name: "drain", models: ["drain"], behaviour: "slow-20" });
    const open = await fetch(`${platform.relayUrl}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${ROOT_KEY}`, "content-type": "application/json" },
      body: JSON.stringify(chat("drain", "hello words=60", { stream: true })),
    });
    const text = open.text();
    await platform.stop();
    assert.equal(eventsOf(await text).at(-1), "[DONE]", "the open stream ended whole");
    await upstream.close();
  });
});

function temporaryFolder(): { readonly path: string } & Disposable {
  const folder = createTemporaryDirectory();
  return {
    path: folder.path,
    [Symbol.dispose]: () => {
      folder.remove();
    },
  };
}
