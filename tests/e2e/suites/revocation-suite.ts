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

const MODEL = "gpt-4o-mini";
const BOUND_MS = 2000;

/** What is taken away is refused within two seconds, wherever it was changed, and what is given can be used. */
export function revocationSuite(scene: Scene): void {
  describe("revocation", () => {
    before(async () => {
      await makeChannel(scene, { name: "revocation", models: [MODEL] });
    });

    const ask = (key: string): Promise<RawReply> =>
      post(scene.platform(), { key, body: chat(MODEL, "hello") });

    /** The key works, and the relay knows it from now on. */
    const warmUp = async (key: string): Promise<void> =>
      eventually("the key works", async () => (await ask(key)).status === 200);

    /** Every call that starts two seconds from now or later is refused. */
    const refusedInTime = async (key: string, ...statuses: readonly number[]): Promise<void> => {
      const deadline = performance.now() + BOUND_MS;
      for (;;) {
        const startedAt = performance.now();
        const reply = await ask(key);
        if (statuses.includes(reply.status)) {
          return;
        }
        assert.ok(startedAt < deadline, `answered ${reply.status} after two seconds`);
      }
    };

    it("a disabled key and a deleted key", async () => {
      const { admin } = scene.platform();
      const disabled = await makeKey(scene, { name: "revoked-disabled" });
      await warmUp(disabled.key);
      await admin.call("PUT", "/api/token/?status_only=true", { id: disabled.id, status: 2 });
      await refusedInTime(disabled.key, 401);
      const deleted = await makeKey(scene, { name: "revoked-deleted" });
      await warmUp(deleted.key);
      await admin.call("DELETE", `/api/token/${deleted.id}`);
      await refusedInTime(deleted.key, 401);
    });

    it("a banned user", async () => {
      const { admin } = scene.platform();
      const user = await makeUser(scene, "revoked-user", 1_000_000);
      const key = await keyOfUser(scene, user);
      await warmUp(key);
      const { username } = user;
      await admin.call("POST", "/api/user/manage", { username, action: "disable" });
      await refusedInTime(key, 403);
    });

    it("a lowered cap, although the relay holds money under the old one", async () => {
      const { admin } = scene.platform();
      const capped = { name: "revoked-cap", unlimited_quota: false, expired_time: -1 };
      const { id, key } = await makeKey(scene, { name: capped.name, capUnits: 5_000_000 });
      await warmUp(key);
      await admin.call("PUT", "/api/token/", { ...capped, id, remain_quota: 1 });
      // 401 when a call in between has used up even that.
      await refusedInTime(key, 403, 401);
      await admin.call("PUT", "/api/token/", { ...capped, id, remain_quota: 5_000_000 });
      await eventually("it works again", async () => (await ask(key)).status === 200);
    });

    it("a top-up can be used by the next call of somebody who was refused", async () => {
      const { admin } = scene.platform();
      const user = await makeUser(scene, "filled-up", 1);
      const key = await keyOfUser(scene, user);
      await eventually("the balance is too thin", async () => (await ask(key)).status === 403);
      const topUp = { user_id: user.id, quota: 1_000_000, remark: "for a test" };
      await admin.call("POST", "/api/topup", topUp);
      assert.equal((await ask(key)).status, 200);
    });

    it("a channel that was made or switched off: the very next call knows", async () => {
      const platform = scene.platform();
      for (let round = 1; round <= 5; round += 1) {
        const model = `very-next-${round}`;
        const made = record(
          await platform.admin.call("POST", "/api/channel/", {
            type: 1,
            name: model,
            key: "sk",
            base_url: scene.upstream().url,
            models: model,
            group: "default",
          }),
        );
        const askModel = async (): Promise<number> =>
          (await post(platform, { body: chat(model, "hello") })).status;
        assert.equal(await askModel(), 200);
        assert.ok(Array.isArray(made["ids"]));
        const id = Number(made["ids"][0]);
        await platform.admin.call("PUT", "/api/channel/", { id, status: 2 });
        assert.equal(await askModel(), 503);
        await deleteChannel(scene, id);
      }
    });
  });
}
