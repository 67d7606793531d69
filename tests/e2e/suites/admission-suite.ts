import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { record } from "../harness/admin-client.ts";
import {
  deleteChannel,
  eventually,
  keyOfUser,
  makeChannel,
  makeKey,
  makeUser,
} from "../harness/builders.ts";
import { chat, post, type RawReply } from "../harness/chat.ts";
import type { Scene } from "../harness/platform.ts";

const MODEL = "admission-model";

/** Who is let in, who is not, and what they are told: One API's checks in One API's order. */
export function admissionSuite(scene: Scene): void {
  describe("admission", () => {
    let channelId = 0;

    before(async () => {
      channelId = await makeChannel(scene, { name: "admission", models: [MODEL, "gpt-4o-mini"] });
    });

    const ask = (key: string, model = MODEL, headers = {}): Promise<RawReply> =>
      post(scene.platform(), { key, body: chat(model, "hello"), headers });

    it("no key and an unknown key are 401", async () => {
      assertProblem(await ask(""), 401, "one_api_error");
      assertProblem(await ask(`sk-${"x".repeat(48)}`), 401, "one_api_error");
    });

    it("a disabled key is 401 within two seconds, and works again when enabled", async () => {
      const key = await makeKey(scene, { name: "to-disable" });
      assert.equal((await ask(key.key)).status, 200);
      const { admin } = scene.platform();
      await admin.call("PUT", "/api/token/?status_only=true", { id: key.id, status: 2 });
      await eventually("the key is refused", async () => (await ask(key.key)).status === 401);
      await admin.call("PUT", "/api/token/?status_only=true", { id: key.id, status: 1 });
      await eventually("the key works again", async () => (await ask(key.key)).status === 200);
    });

    it("an expired key and an exhausted key are 401", async () => {
      const past = Math.floor(Date.now() / 1000) - 60;
      const expired = await makeKey(scene, { name: "expired", expiredTime: past });
      assertProblem(await ask(expired.key), 401, "one_api_error");
      const exhausted = await makeKey(scene, { name: "exhausted", capUnits: 0 });
      assertProblem(await ask(exhausted.key), 401, "one_api_error");
    });

    it("a key for another subnet is 403, one for this subnet works", async () => {
      const foreign = await makeKey(scene, { name: "subnet-foreign", subnet: "10.1.0.0/16" });
      assertProblem(await ask(foreign.key), 403, "one_api_error");
      const local = await makeKey(scene, { name: "subnet-local", subnet: "127.0.0.0/8,::1/128" });
      assert.equal((await ask(local.key)).status, 200);
    });

    it("a model that the key may not use is 403", async () => {
      const key = await makeKey(scene, { name: "one-model", models: [MODEL] });
      assert.equal((await ask(key.key)).status, 200);
      assertProblem(await ask(key.key, "gpt-4o-mini"), 403, "one_api_error");
    });

    it("a model that no channel of the group serves is 503", async () => {
      assertProblem(
        await ask(scene.platform().rootKey, "nobody-serves-this"),
        503,
        "one_api_error",
      );
    });

    it("a banned user's key is 403 within two seconds", async () => {
      const platform = scene.platform();
      const user = await makeUser(scene, "banned-user", 1_000_000);
      const key = await keyOfUser(scene, user);
      assert.equal((await ask(key)).status, 200);
      await platform.admin.call("POST", "/api/user/manage", {
        username: user.username,
        action: "disable",
      });
      await eventually("the user's key is refused", async () => (await ask(key)).status === 403);
    });

    it("an admin may pin a channel, a common user may not", async () => {
      const { rootKey } = scene.platform();
      assert.equal((await ask(`${rootKey}-${channelId}`)).status, 200);
      assertProblem(await ask(`${rootKey}-999999`), 400, "one_api_error");
      const user = await makeUser(scene, "pinning-user", 1_000_000);
      const key = await keyOfUser(scene, user);
      assertProblem(await ask(`${key}-${channelId}`), 403, "one_api_error");
    });

    it("a pinned channel that is switched off is 403", async () => {
      const { admin, rootKey } = scene.platform();
      const id = await makeChannel(scene, { name: "pinned-off", models: ["pinned-off"] });
      await admin.call("PUT", "/api/channel/", { id, status: 2 });
      await eventually(
        "the pinned channel is refused",
        async () => (await ask(`${rootKey}-${id}`, "pinned-off")).status === 403,
      );
      await deleteChannel(scene, id);
    });

    it("a body that is not JSON, has no model, or is nested too deep is 400", async () => {
      const platform = scene.platform();
      for (const body of [
        "this is not JSON",
        '{"model":"admission-model"',
        "[]",
        '{"messages":[]}',
        `{"model":"${MODEL}","messages":${"[".repeat(5000)}${"]".repeat(5000)}}`,
      ]) {
        const reply = await post(platform, { body });
        assert.equal(reply.status, 400, `${body.slice(0, 40)}: ${reply.text}`);
        assert.equal(typeof record(record(reply.json)["error"])["message"], "string");
      }
    });

    it("a body beyond the limit is 413 in the caller's dialect", async () => {
      const reply = await post(scene.platform(), {
        body: chat(MODEL, "x".repeat(33 * 1024 * 1024)),
      });
      assert.equal(reply.status, 413);
      assert.equal(typeof record(record(reply.json)["error"])["message"], "string");
    });

    it("a balance that is too thin is 403 insufficient_user_quota and says asked and affordable", async () => {
      const user = await makeUser(scene, "thin-user", 1);
      const key = await keyOfUser(scene, user);
      const reply = await ask(key);
      assertProblem(reply, 403, "one_api_error");
      const error = record(record(reply.json)["error"]);
      assert.equal(error["code"], "insufficient_user_quota");
      assert.match(String(error["message"]), /\d\.\d+ USD.*0\.000002 USD/u);
    });

    it("problems reach an Anthropic client in its own dialect", async () => {
      const reply = await post(scene.platform(), {
        path: "/v1/messages",
        key: "",
        headers: { "x-api-key": "sk-unknown", "anthropic-version": "2023-06-01" },
        body: { model: MODEL, max_tokens: 5, messages: [{ role: "user", content: "hi" }] },
      });
      assert.equal(reply.status, 401);
      const body = record(reply.json);
      assert.equal(body["type"], "error");
      assert.equal(record(body["error"])["type"], "authentication_error");
    });
  });
}

function assertProblem(reply: RawReply, status: number, type: string): void {
  assert.equal(reply.status, status, reply.text);
  const error = record(record(reply.json)["error"]);
  assert.equal(error["type"], type);
  assert.ok(reply.requestId.length > 0, "an error names its request");
  assert.ok(String(error["message"]).includes(reply.requestId));
}
