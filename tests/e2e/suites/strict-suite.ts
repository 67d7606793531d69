import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { record } from "../harness/admin-client.ts";
import { eventually, keyOfUser, makeChannel, makeUser, quotaOf } from "../harness/builders.ts";
import { chat, post } from "../harness/chat.ts";
import type { Scene } from "../harness/platform.ts";

const MODEL = "strict-model";

/** Users who get money for one call at a time. */
export function strictSuite(scene: Scene): void {
  describe("strict users", () => {
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
  });
}
