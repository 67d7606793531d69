import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { records } from "./harness/admin-client.ts";
import { eventually, keyOfUser, makeChannel, makeUser } from "./harness/builders.ts";
import { chat, post } from "./harness/chat.ts";
import { play } from "./harness/play.ts";
import type { Scene } from "./harness/platform.ts";
import type { ReplicasPlatform } from "./harness/replicas.ts";
import { startReplicas } from "./harness/replicas.ts";
import { revocationSuite } from "./suites/revocation-suite.ts";

const MODEL = "gpt-4o-mini";
const CALLS = 40;
/** What a token of output costs. */
const USD_PER_TOKEN = 0.6e-6;
const STABLE_MS = 1500;

let firstRelayUrl = "";

async function start(): Promise<ReplicasPlatform> {
  const platform = await startReplicas();
  ({ firstRelayUrl } = platform);
  return platform;
}

/** A user's money that lies idle on one relay pays for calls through another one. */
function sharingSuite(scene: Scene): void {
  describe("sharing a balance", () => {
    before(async () => {
      await makeChannel(scene, { name: "sharing", models: [MODEL] });
    });

    it("money that lies idle on one relay is called back for a call through another, long before it is given up", async () => {
      const second = scene.platform();
      const first = { ...second, relayUrl: firstRelayUrl };
      // 1 USD; a call reserves about 0.0025 USD, so a burst of them leaves a lease of more than that behind.
      const user = await makeUser(scene, "shared-user", 500_000);
      const key = await keyOfUser(scene, user);
      const body = chat(MODEL, "hello");
      await eventually(
        "the key works",
        async () => (await post(first, { key, body })).status === 200,
      );
      const burst = await Promise.all(
        Array.from({ length: CALLS }, async () => post(first, { key, body })),
      );
      assert.ok(burst.every(({ status }) => status === 200));
      const held = await settledHeldUsd(scene, user.id);
      assert.ok(held > 0.002, `${held} USD lie idle`);
      // More than what is left, less than what there is.
      const tokens = Math.floor((1 - held / 2) / USD_PER_TOKEN);
      const large = chat(MODEL, "hello", { max_tokens: tokens });
      await eventually("the large call is served", async () => {
        const reply = await post(second, { key, body: large });
        return reply.status === 200;
      });
      await eventually(
        "less lies idle than before",
        async () => (await heldUsd(scene, user.id)) < held,
      );
    });
  });
}

/** What is still held when relays have given back what was far too much, which they look at every second. */
async function settledHeldUsd(scene: Scene, userId: number): Promise<number> {
  let held = -1;
  let sinceMs = 0;
  await eventually("what is held is stable", async () => {
    const now = await heldUsd(scene, userId);
    if (now !== held) {
      held = now;
      sinceMs = performance.now();
    }
    return performance.now() - sinceMs > STABLE_MS;
  });
  return held;
}

/** What relays hold of a user, as operators see it. */
async function heldUsd(scene: Scene, userId: number): Promise<number> {
  const { admin } = scene.platform();
  let held = 0;
  for (const journal of records(await admin.call("GET", "/api/lease/?page_size=50"))) {
    const leases = records(await admin.call("GET", `/api/lease/${String(journal["journal_id"])}`));
    for (const lease of leases.filter((candidate) => candidate["user_id"] === userId)) {
      held += Number(lease["held_nano"]) / 1e9;
    }
  }
  return held;
}

play("two replicas of quota", start, [revocationSuite, sharingSuite]);
