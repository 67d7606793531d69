import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { record } from "../harness/admin-client.ts";
import { eventually, keyOfUser, makeChannel, makeUser, quotaOf } from "../harness/builders.ts";
import { chat, post, type RawReply } from "../harness/chat.ts";
import type { Scene } from "../harness/platform.ts";

const MODEL = "strict-model";

/** Calls that are kept from costing more than there is: of strict users, and of groups whose answers are shortened. */
export function thinMoneySuite(scene: Scene): void {
  describe("thin money", () => {
    before(async () => {
      await makeChannel(scene, { name: "strict", models: [MODEL], behaviour: "slow-20" });
    });

    it("32 calls at once never take a strict user below zero, whatever their tokens are made of", async () => {
      const platform = scene.platform();
      const user = await makeUser(scene, "strict-user", 30_000);
      await platform.admin.call("PUT", "/api/user/", { id: user.id, strict: true });
      const shown = record(await platform.admin.call("GET", `/api/user/${user.id}`));
      assert.equal(shown["strict"], true);
      const key = await keyOfUser(scene, user);
      // One-letter words: two bytes a token, which is more tokens than three bytes a token make.
      const prompt = `words=40 ${"x ".repeat(60)}`;
      const replies = await Promise.all(
        Array.from({ length: 32 }, (_, index) =>
          post(platform, {
            key,
            body: chat(MODEL, prompt, { max_tokens: 40, stream: index % 2 === 0 }),
          }),
        ),
      );
      const served = replies.filter(({ status }) => status === 200).length;
      assert.ok(served > 0 && served < replies.length, `${served} calls were served`);
      assert.ok(replies.every(({ status }) => status === 200 || status === 403));
      await eventually("every call is settled", async () => {
        const stat = record(
          await platform.admin.call("GET", `/api/log/stat?type=2&username=${user.username}`),
        );
        return Number(stat["requests"]) === served;
      });
      assert.ok((await quotaOf(platform, user.id)) >= 0);
      const ledger = record(await platform.admin.call("GET", "/api/ledger/check"));
      assert.deepEqual(ledger["violations"], []);
    });

    it("a group with the switch gets a shorter answer where others are refused", async () => {
      const platform = scene.platform();
      await makeChannel(scene, { name: "clamped", models: ["clamped-model"], group: "svip" });
      const user = await makeUser(scene, "clamped-user", 6000);
      await platform.admin.call("PUT", "/api/user/", { id: user.id, group: "svip" });
      const key = await keyOfUser(scene, user);
      const ask = () =>
        post(platform, { key, body: chat("clamped-model", "words=500", { max_tokens: 500 }) });
      const setGroups = (value: string) =>
        platform.admin.call("PUT", "/api/option/", { key: "ClampOutputGroups", value });
      assert.equal((await ask()).status, 403);
      await setGroups("svip");
      try {
        const reply = await untilServed(ask);
        const cap = Number(reply.headers.get("x-tollgate-output-cap"));
        assert.ok(cap >= 16 && cap < 200, `${cap} tokens`);
        const { usage, choices } = record(reply.json);
        assert.equal(record(usage)["completion_tokens"], cap);
        assert.match(JSON.stringify(choices), /"finish_reason":"length"/u);
      } finally {
        await setGroups("");
      }
      assert.ok((await quotaOf(platform, user.id)) >= 0);
    });
  });
}

/** Relays hear of a changed option a moment later. */
async function untilServed(ask: () => Promise<RawReply>): Promise<RawReply> {
  let reply = await ask();
  await eventually("the call is served", async () => {
    reply = reply.status === 200 ? reply : await ask();
    return reply.status === 200;
  });
  return reply;
}
