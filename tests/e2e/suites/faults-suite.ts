import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { record, records } from "../harness/admin-client.ts";
import { eventually, logRowOf, makeChannel } from "../harness/builders.ts";
import { chat, eventsOf, post } from "../harness/chat.ts";
import type { Scene } from "../harness/platform.ts";

/** An upstream's way to fail, and the reason that must stand on the log and in the channel's test. */
interface FaultCase {
  readonly behaviour: string;
  readonly reason: RegExp;
  readonly key?: string;
  readonly baseUrl?: string;
}

const FAULTS: Readonly<Record<string, FaultCase>> = {
  "a wrong key": { behaviour: "ok", key: "wrong-key", reason: /401|key|credential/iu },
  "a dead host": { behaviour: "ok", baseUrl: "http://127.0.0.1:9", reason: /refused|connect/iu },
  "a host that does not exist": {
    behaviour: "ok",
    baseUrl: "http://no-such-host.invalid",
    reason: /host name/iu,
  },
  "an HTML page instead of JSON": { behaviour: "html", reason: /html|json/iu },
  "broken JSON": { behaviour: "not-json", reason: /json/iu },
  "an empty answer": { behaviour: "empty", reason: /empty/iu },
  "an endless header": { behaviour: "endless-header", reason: /header/iu },
  "a rate limit": { behaviour: "status-429", reason: /429|rate/iu },
  "a server error": { behaviour: "status-500", reason: /500/u },
};

/** Upstreams fail in many ways; customers see none of those that another channel can make good. */
export function faultsSuite(scene: Scene): void {
  describe("faults", () => {
    for (const [what, fault] of Object.entries(FAULTS)) {
      const slug = what.replaceAll(/[^a-z]+/giu, "-").toLowerCase();

      it(`${what} fails over to the next channel and is named on the log`, async () => {
        const model = `fault-${slug}`;
        await makeChannel(scene, { name: `${model}-good`, models: [model], priority: 1 });
        const bad = await makeChannel(scene, {
          name: `${model}-bad`,
          models: [model],
          priority: 10,
          ...fault,
        });
        const reply = await post(scene.platform(), { body: chat(model, "hello") });
        assert.equal(reply.status, 200, reply.text);
        const attempts = records((await logRowOf(scene.platform(), reply.requestId))["attempts"]);
        assert.equal(attempts.length, 2);
        assert.equal(attempts[0]?.["channel"], bad);
        assert.notEqual(attempts[0]["reason"], "");
        const test = await scene.platform().admin.raw("GET", `/api/channel/test/${bad}`);
        assert.equal(test.success, false);
        assert.match(test.message, fault.reason);
      });
    }

    it("when every channel fails the customer gets a clear error and pays nothing", async () => {
      await makeChannel(scene, { name: "all-bad-1", models: ["all-bad"], behaviour: "status-500" });
      await makeChannel(scene, { name: "all-bad-2", models: ["all-bad"], behaviour: "html" });
      const reply = await post(scene.platform(), { body: chat("all-bad", "hello") });
      assert.ok(reply.status >= 500, String(reply.status));
      assert.equal(typeof record(record(reply.json)["error"])["message"], "string");
      const row = await logRowOf(scene.platform(), reply.requestId);
      assert.equal(row["quota"], 0);
      assert.equal(row["status"], "error");
    });

    it("an upstream's 401 is never shown as the customer's own", async () => {
      await makeChannel(scene, { name: "dead-key", models: ["dead-key"], key: "wrong-key" });
      const reply = await post(scene.platform(), { body: chat("dead-key", "hello") });
      assert.ok(reply.status >= 500, `${reply.status} ${reply.text}`);
    });

    it("a caller's own mistake is told in the upstream's words and not retried", async () => {
      const before = scene.upstream().books.totals().calls;
      await makeChannel(scene, {
        name: "bad-request",
        models: ["bad-request"],
        behaviour: "status-400",
      });
      const reply = await post(scene.platform(), { body: chat("bad-request", "hello") });
      assert.equal(reply.status, 400);
      assert.match(reply.text, /told to answer 400/u);
      assert.equal(scene.upstream().books.totals().calls, before + 1);
    });

    it("an upstream that dies in mid-stream ends it with an error event, billed for what was delivered", async () => {
      await makeChannel(scene, { name: "cut", models: ["cut"], behaviour: "cut-4" });
      const reply = await post(scene.platform(), {
        body: chat("cut", "hello words=9", { stream: true }),
      });
      assert.equal(reply.status, 200);
      const events = eventsOf(reply.text);
      assert.ok(
        events.some((data) => data.includes('"error"')),
        reply.text,
      );
      const row = await logRowOf(scene.platform(), reply.requestId);
      assert.equal(row["status"], "partial");
      assert.ok(Number(row["completion_tokens"]) > 0 && Number(row["completion_tokens"]) < 9);
    });

    it("an error event of the upstream reaches the client as an error", async () => {
      await makeChannel(scene, {
        name: "err-event",
        models: ["err-event"],
        behaviour: "error-event-3",
      });
      const reply = await post(scene.platform(), {
        body: chat("err-event", "hello", { stream: true }),
      });
      assert.match(reply.text, /"error"/u);
    });

    it("a client that leaves a stream stops the upstream and pays for what it got", async () => {
      await makeChannel(scene, { name: "left", models: ["left"], behaviour: "slow-20" });
      const leave = new AbortController();
      const { relayUrl, rootKey } = scene.platform();
      const response = await fetch(`${relayUrl}/v1/chat/completions`, {
        method: "POST",
        headers: { authorization: `Bearer ${rootKey}`, "content-type": "application/json" },
        body: JSON.stringify(chat("left", "hello words=500", { stream: true })),
        signal: leave.signal,
      });
      const reader = response.body?.getReader();
      let read = 0;
      while (read < 2000) {
        read += (await reader?.read())?.value?.length ?? 2000;
      }
      leave.abort();
      const requestId = response.headers.get("x-oneapi-request-id") ?? "";
      const row = await logRowOf(scene.platform(), requestId);
      assert.equal(row["status"], "aborted");
      assert.ok(Number(row["completion_tokens"]) > 0 && Number(row["completion_tokens"]) < 500);
      await eventually("the upstream noticed", async () =>
        scene
          .upstream()
          .books.calls()
          .some((call) => call.behaviour === "slow-20" && call.outcome === "caller-left"),
      );
    });

    it("a channel that answers 429 with Retry-After is left alone for that long", async () => {
      await makeChannel(scene, {
        name: "cooling-bad",
        models: ["cooling"],
        priority: 10,
        behaviour: "status-429+retry-after-30",
      });
      await makeChannel(scene, { name: "cooling-good", models: ["cooling"], priority: 1 });
      await post(scene.platform(), { body: chat("cooling", "first") });
      const second = await post(scene.platform(), { body: chat("cooling", "second") });
      const row = await logRowOf(scene.platform(), second.requestId);
      assert.equal(records(row["attempts"]).length, 1, "the cooling channel is not tried again");
    });

    it("replies without usage are counted and marked so", async () => {
      await makeChannel(scene, { name: "no-usage", models: ["no-usage"], behaviour: "no-usage" });
      const reply = await post(scene.platform(), { body: chat("no-usage", "hello words=9") });
      const row = await logRowOf(scene.platform(), reply.requestId);
      assert.equal(row["basis"], "counted");
      assert.ok(Number(row["completion_tokens"]) > 0 && Number(row["quota"]) > 0);
    });
  });
}
