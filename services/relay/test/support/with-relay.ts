import assert from "node:assert/strict";
import type { CallEnded } from "@tollgate/proto/quota/v1/journal_record";
import type { ChannelInit, RoutingWish } from "./fake-registry.ts";
import { aChannel } from "./fake-registry.ts";
import type { MockAnswer } from "./mock-upstream.ts";
import { startMockUpstream } from "./mock-upstream.ts";
import type { TestRelay } from "./start-relay.ts";
import { startRelay } from "./start-relay.ts";

export interface Setup extends RoutingWish {
  readonly answers: readonly MockAnswer[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly balanceNanos?: bigint;
  /** What is special about every channel. */
  readonly channel?: ChannelInit;
}

/** A relay with one channel for each answer, the first one with the highest priority. */
export async function withRelay(
  setup: Setup,
  run: (relay: TestRelay, bodies: readonly (readonly string[])[]) => Promise<void>,
): Promise<void> {
  const upstreams = await Promise.all(setup.answers.map(startMockUpstream));
  const channels = upstreams.map(({ url }, index) =>
    aChannel(index + 1, url, { priority: BigInt(100 - index), ...setup.channel }),
  );
  const relay = await startRelay({ ...setup, channels });
  try {
    await run(
      relay,
      upstreams.map(({ bodies }) => bodies),
    );
  } finally {
    await relay.close();
    await Promise.all(upstreams.map(async (upstream) => upstream.close()));
  }
  // Whatever happened: nothing is held for ever, nothing is billed twice, and no money is spent beyond a lease.
  assert.equal(relay.quota.held(1n), 0n);
  assert.deepEqual([relay.quota.counts.duplicates, relay.quota.counts.late], [0, 0]);
}

export async function post(
  relay: TestRelay,
  body: string,
  init: RequestInit = {},
): Promise<Response> {
  const headers = new Headers(init.headers);
  if (!headers.has("authorization")) {
    headers.set("authorization", "Bearer sk-user1");
  }
  return fetch(`${relay.url}/v1/chat/completions`, { method: "POST", body, ...init, headers });
}

/** The end of the only call, when it is at quota. */
export async function onlyEnd(relay: TestRelay): Promise<CallEnded> {
  await relay.settled(1);
  const [end] = relay.quota.ended.values();
  assert.ok(end);
  return end;
}

/** An event stream that comes in one piece. */
export const sse =
  (...parts: readonly string[]): MockAnswer =>
  (_request, response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.end(parts.join(""));
  };
