import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { record } from "../harness/admin-client.ts";
import { eventually, makeChannel } from "../harness/builders.ts";
import { chat, eventsOf, post } from "../harness/chat.ts";
import type { Scene, ServiceName } from "../harness/platform.ts";

const CLIENTS = 16;
const KILLS = 3;

/** kill -9 at any moment of a load: every call whose client saw its end is on the bill once. */
export function crashSuite(scene: Scene): void {
  describe("crash", () => {
    before(async () => {
      await makeChannel(scene, { name: "crash", models: ["gpt-4o-mini"], behaviour: "slow-5" });
    });

    const victims = (): readonly ServiceName[] =>
      scene.platform().form === "standalone" ? ["relay"] : ["relay", "quota", "registry"];

    it("no call is lost and none is billed twice", async () => {
      const seen = new Set<string>();
      const load = { isRunning: true };
      const client = async (number: number): Promise<void> => {
        for (let call = 0; load.isRunning; call += 1) {
          const requestId = await tryCall(scene, `client ${number} call ${call}`);
          if (requestId !== undefined) {
            seen.add(requestId);
          }
        }
      };
      const fleet = Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)));
      for (let kill = 0; kill < KILLS; kill += 1) {
        for (const victim of victims()) {
          const target = seen.size + 40;
          await eventually("the load runs", async () => seen.size >= target);
          await scene.platform().crash(victim);
        }
      }
      const target = seen.size + 40;
      await eventually("the load runs after the last crash", async () => seen.size >= target);
      load.isRunning = false;
      await fleet;
      await assertBilledOnce(scene, seen);
    });
  });
}

/** One call; its request id if the client saw the end, undefined if it did not. */
async function tryCall(scene: Scene, prompt: string): Promise<string | undefined> {
  try {
    const stream = prompt.endsWith("1") || prompt.endsWith("3");
    const reply = await post(scene.platform(), {
      body: chat("gpt-4o-mini", `${prompt} words=6`, { stream }),
      signal: AbortSignal.timeout(15_000),
    });
    const isWhole = stream ? eventsOf(reply.text).at(-1) === "[DONE]" : reply.status === 200;
    return isWhole && reply.status === 200 ? reply.requestId : undefined;
  } catch {
    // The process behind the connection was killed: the client saw no end.
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
    return undefined;
  }
}

async function assertBilledOnce(scene: Scene, seen: ReadonlySet<string>): Promise<void> {
  const { admin } = scene.platform();
  const billed = new Map<string, number>();
  await eventually("every call is on the bill", async () => {
    billed.clear();
    for (let page = 0; ; page += 1) {
      const { success, data: rows } = await admin.raw(
        "GET",
        `/api/log/?type=2&model_name=gpt-4o-mini&p=${page}&page_size=200`,
      );
      if (!success) {
        // The portal finds its way back to what was killed within seconds, and says so until then.
        return false;
      }
      assert.ok(Array.isArray(rows));
      for (const row of rows) {
        const id = String(record(row)["request_id"]);
        billed.set(id, (billed.get(id) ?? 0) + 1);
      }
      if (rows.length < 200) {
        break;
      }
    }
    return [...seen].every((id) => billed.has(id));
  });
  assert.ok(
    [...billed.values()].every((count) => count === 1),
    "no call is billed twice",
  );
  await eventually("the ledger holds", async () => {
    const { success, data } = await admin.raw("GET", "/api/ledger/check");
    if (!success) {
      return false;
    }
    const check = record(data);
    return Array.isArray(check["violations"]) && check["violations"].length === 0;
  });
}
