import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { record } from "../harness/admin-client.ts";
import { keyOfUser, logRowOf, makeChannel, makeUser } from "../harness/builders.ts";
import type { MadeUser } from "../harness/builders.ts";
import { chat, post } from "../harness/chat.ts";
import { tellPayment } from "../harness/payment-event.ts";
import type { Scene } from "../harness/platform.ts";
import { PAYMENT_SECRET } from "../harness/platform.ts";

/** Money that comes in, is spent, and goes back: every step to the nano-dollar. */
export function paymentSuite(scene: Scene): void {
  describe("payments", () => {
    let customer: MadeUser;
    let callId = "";
    let cost = 0n;

    before(async () => {
      await makeChannel(scene, { name: "payments", models: ["gpt-4o-mini"] });
      customer = await makeUser(scene, "payer", 0);
    });

    const balance = async (): Promise<bigint> => {
      const user = await scene.platform().admin.call("GET", `/api/user/${customer.id}`);
      return BigInt(String(record(user)["balance_nano"]));
    };

    const tell = async (event: object, secret: string): Promise<Response> =>
      tellPayment(scene.platform().adminUrl, { user_id: customer.id, ...event }, secret);

    it("a signed payment is booked once and can be spent at once", async () => {
      const platform = scene.platform();
      const event = {
        event_id: "evt-1",
        payment_id: "pay-1",
        kind: "paid",
        amount: "0.01",
        currency: "USD",
      };
      assert.equal((await tell(event, "forged")).status, 401);
      const replies = await Promise.all(
        Array.from({ length: 8 }, async () => tell(event, PAYMENT_SECRET)),
      );
      assert.deepEqual(new Set(replies.map(({ status }) => status)), new Set([200]));
      assert.equal((await tell({ ...event, amount: "5" }, PAYMENT_SECRET)).status, 409);
      assert.equal(await balance(), 10_000_000n);
      const key = await keyOfUser(scene, customer);
      const reply = await post(platform, { key, body: chat("gpt-4o-mini", "a b words=9") });
      assert.equal(reply.status, 200);
      callId = reply.requestId;
      cost = BigInt(String((await logRowOf(platform, callId))["cost_nano"]));
      assert.equal(await balance(), 10_000_000n - cost);
    });

    it("a refund gives back what the call cost and no more, and its row tells so", async () => {
      const { admin } = scene.platform();
      const order = { request_id: callId, reason: "a bad answer" };
      await admin.call("POST", "/api/refund", { ...order, amount_nano: "100" });
      await admin.call("POST", "/api/refund", order);
      assert.equal((await admin.raw("POST", "/api/refund", order)).success, false);
      assert.equal(await balance(), 10_000_000n);
      const row = await logRowOf(scene.platform(), callId);
      assert.deepEqual([row["refunded_nano"], row["cost_nano"]], [String(cost), String(cost)]);
    });

    it("a payment that went back leaves a debt that is written off with a reason", async () => {
      const platform = scene.platform();
      const key = await keyOfUser(scene, customer);
      const reply = await post(platform, { key, body: chat("gpt-4o-mini", "c d words=5") });
      const debt = BigInt(String((await logRowOf(platform, reply.requestId))["cost_nano"]));
      const event = {
        event_id: "evt-2",
        payment_id: "pay-1",
        kind: "refunded",
        amount_nano: "10000000",
      };
      assert.equal((await tell(event, PAYMENT_SECRET)).status, 200);
      assert.equal((await tell(event, PAYMENT_SECRET)).status, 200);
      assert.equal(await balance(), 0n - debt);
      const order = { user_id: customer.id, reason: "gone" };
      await platform.admin.call("POST", "/api/write_off", order);
      assert.equal(await balance(), 0n);
    });

    it("a code is redeemed by one of many who try, and the books hold", async () => {
      const { admin } = scene.platform();
      const batch = { name: "e2e", quota: 500_000, count: 1 };
      const made = await admin.call("POST", "/api/redemption/", batch);
      const code: unknown = Array.isArray(made) ? made[0] : undefined;
      const tries = await Promise.all(
        Array.from({ length: 16 }, async () => admin.raw("POST", "/api/user/topup", { key: code })),
      );
      const winners = tries.filter(({ success }) => success);
      assert.deepEqual(
        winners.map(({ data }) => data),
        [500_000],
      );
      const check = record(await admin.call("GET", "/api/ledger/check"));
      assert.deepEqual(check["violations"], []);
    });
  });
}
