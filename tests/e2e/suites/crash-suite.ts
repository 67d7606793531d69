import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { record, records } from "../harness/admin-client.ts";
import { eventually, makeChannel } from "../harness/builders.ts";
import { chat, eventsOf, post } from "../harness/chat.ts";
import type { Scene, ServiceName } from "../harness/platform.ts";

const CLIENTS = 16;
const KILLS = 3;

/** Tokens between two checkpoints of a stream, and the event that is under way. */
const INTERVAL_TOKENS = 64 + 4;
const STREAMS = 8;

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

    it("a stream that the relay takes with it is billed for what was passed on, less one interval at most", async () => {
      await makeChannel(scene, { name: "crash-stream", models: ["crashed"], behaviour: "slow-10" });
      const streams = Array.from({ length: STREAMS }, async (_, number) =>
        openStream(scene, `stream ${number} words=2000`),
      );
      const opened = await Promise.all(streams);
      await eventually("every stream has delivered", async () =>
        opened.every(({ bytes }) => bytes() > 600),
      );
      await scene.platform().crash("relay");
      await Promise.all(opened.map(async ({ ended }) => ended));
      const rows = await rowsOf(scene, "crashed", STREAMS);
      for (const { requestId, bytes } of opened) {
        const row = rows.get(requestId) ?? {};
        const delivered = Math.ceil(bytes() / 4);
        const billed = Number(row["completion_tokens"]);
        assert.equal(row["basis"], "crash");
        assert.ok(billed <= delivered, `billed ${billed} of ${delivered} tokens`);
        assert.ok(delivered - billed <= INTERVAL_TOKENS, `billed ${billed} of ${delivered} tokens`);
      }
    });
  });
}

interface OpenStream {
  readonly requestId: string;
  /** Bytes of content so far. */
  readonly bytes: () => number;
  /** Resolves when the connection is over, however it ends. */
  readonly ended: Promise<void>;
}

/** A stream whose content is measured as it comes. */
async function openStream(scene: Scene, prompt: string): Promise<OpenStream> {
  const { relayUrl, rootKey } = scene.platform();
  const response = await fetch(`${relayUrl}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${rootKey}`, "content-type": "application/json" },
    body: JSON.stringify(chat("crashed", prompt, { stream: true })),
    signal: AbortSignal.timeout(120_000),
  });
  assert.equal(response.status, 200);
  let text = "";
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder();
    try {
      for await (const piece of response.body ?? []) {
        text += decoder.decode(piece, { stream: true });
      }
    } catch {
      // The process behind the connection was killed.
    }
  };
  return {
    requestId: response.headers.get("x-oneapi-request-id") ?? "",
    bytes: () => Buffer.byteLength(contentOf(text)),
    ended: read(),
  };
}

/** What the events deliver; the last one may be torn. */
function contentOf(text: string): string {
  return eventsOf(text.slice(0, text.lastIndexOf("\n\n") + 2))
    .filter((data) => data.startsWith("{"))
    .map((data) => {
      const [choice] = records(record(JSON.parse(data))["choices"]);
      const { content } = record(choice?.["delta"] ?? {});
      return typeof content === "string" ? content : "";
    })
    .join("");
}

/** The rows of a model by request id, when there are as many as wanted. */
async function rowsOf(
  scene: Scene,
  model: string,
  count: number,
): Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>> {
  const rows = new Map<string, Readonly<Record<string, unknown>>>();
  await eventually(`${count} calls of ${model} are on the bill`, async () => {
    const path = `/api/log/?type=2&model_name=${model}&p=0&page_size=200`;
    const { success, data } = await scene.platform().admin.raw("GET", path);
    for (const row of success ? records(data) : []) {
      rows.set(String(row["request_id"]), row);
    }
    return rows.size >= count;
  });
  return rows;
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
