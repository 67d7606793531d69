import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Client } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import { isFault } from "@tollgate/kit/fault/fault";
import { ChannelService, ChannelStatus } from "@tollgate/proto/registry/v1/channel_service";
import { OptionService } from "@tollgate/proto/registry/v1/option_service";
import type { WatchSnapshotResponse } from "@tollgate/proto/registry/v1/snapshot_service";
import { SnapshotService } from "@tollgate/proto/registry/v1/snapshot_service";
import type { RegistryFixture } from "./registry-fixture.ts";
import { startRegistry } from "./registry-fixture.ts";

const draft = {
  type: 1,
  name: "routed",
  models: { values: ["m"] },
  credential: "sk-plain-to-relays",
};

interface Relay {
  readonly next: () => Promise<WatchSnapshotResponse>;
  readonly answer: (update: WatchSnapshotResponse, rejection?: string) => void;
  readonly hangUp: () => Promise<void>;
}

/** A relay that watches: what it says is queued, what it hears is taken one by one. */
function openRelay({ transport }: RegistryFixture): Relay {
  type Said = { nodeName: string; version: bigint; nonce: string; rejection: string };
  const said: Said[] = [{ nodeName: "relay-1", version: 0n, nonce: "", rejection: "" }];
  const state = { isDone: false };
  let wake = (): void => undefined;
  async function* say(): AsyncGenerator<Said> {
    while (!state.isDone || said.length > 0) {
      const next = said.shift();
      if (next === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      } else {
        yield next;
      }
    }
  }
  const updates = createClient(SnapshotService, transport).watchSnapshot(say());
  const heard = updates[Symbol.asyncIterator]();
  return {
    next: async () => {
      const { value, done } = await heard.next();
      assert.ok(done !== true);
      return value;
    },
    answer: ({ version, nonce }, rejection = "") => {
      said.push({ nodeName: "relay-1", version, nonce, rejection });
      wake();
    },
    hangUp: async () => {
      state.isDone = true;
      wake();
      assert.equal((await heard.next()).done, true);
    },
  };
}

/** Lets coalescing end; the update is then asked for. */
async function nextAfter(relay: Relay, { clock }: RegistryFixture): Promise<WatchSnapshotResponse> {
  const update = relay.next();
  await clock.advance(50);
  return update;
}

describe("SnapshotService", () => {
  let registry: RegistryFixture;
  let channels: Client<typeof ChannelService>;

  before(async () => {
    registry = await startRegistry();
    channels = createClient(ChannelService, registry.transport);
  });
  after(async () => registry.stop());

  const createOne = async (changes: object = {}): Promise<bigint> =>
    (await channels.createChannels({ channel: { ...draft, ...changes } })).ids[0] ?? 0n;

  it("sends everything first, then only what changed, coalesced, with growing versions", async () => {
    const first = await createOne();
    const relay = openRelay(registry);
    const full = await relay.next();
    assert.equal(full.full, true);
    assert.deepEqual(full.options, { ...full.options, retryTimes: 2, automaticDisable: false });
    const sent = full.channels.find(({ id }) => id === first);
    assert.equal(sent?.credential, draft.credential);
    assert.equal(sent.weight, 1);
    relay.answer(full);

    const second = await createOne({ weight: 5 });
    await channels.updateChannel({ id: second, changes: { status: ChannelStatus.DISABLED } });
    await channels.deleteChannels({ ids: [first] });
    const delta = await nextAfter(relay, registry);
    assert.equal(delta.full, false);
    assert.ok(delta.version > full.version);
    assert.notEqual(delta.nonce, full.nonce);
    assert.deepEqual(
      delta.channels.map(({ id, enabled, weight }) => ({ id, enabled, weight })),
      [{ id: second, enabled: false, weight: 5 }],
    );
    assert.deepEqual(delta.removedChannelIds, [first]);
    assert.equal(delta.options, undefined);
    await relay.hangUp();
  });

  it("pushes routing options when they change and not otherwise", async () => {
    const options = createClient(OptionService, registry.transport);
    const relay = openRelay(registry);
    await relay.next();
    await options.setOption({ key: "RetryTimes", value: "4", actorId: 1n });
    const delta = await nextAfter(relay, registry);
    assert.equal(delta.options?.retryTimes, 4);
    assert.deepEqual(delta.channels, []);
    await options.setOption({ key: "ClampOutputGroups", value: " default, vip,", actorId: 1n });
    const clamped = await nextAfter(relay, registry);
    assert.deepEqual(clamped.options?.clampGroups, ["default", "vip"]);
    await relay.hangUp();
  });

  it("logs a nack and does not send that update again", async () => {
    const relay = openRelay(registry);
    const full = await relay.next();
    relay.answer(full, "a channel of an unknown type");
    const id = await createOne();
    const delta = await nextAfter(relay, registry);
    assert.deepEqual(
      delta.channels.map((channel) => channel.id),
      [id],
    );
    const nack = registry.logLines.find(({ msg }) => msg === "snapshot update rejected");
    assert.equal(nack?.["rejection"], "a channel of an unknown type");
    assert.equal(nack["nonce"], full.nonce);
    await relay.hangUp();
  });

  it("sends a large table in several updates, none beyond a message's size, the first one full", async () => {
    const systemPrompt = "x".repeat(64 * 1024);
    const credential = Array.from({ length: 150 }, (_, index) => `sk-large-${index}`).join("\n");
    const { ids } = await channels.createChannels({
      channel: { ...draft, systemPrompt, credential },
    });
    const relay = openRelay(registry);
    const full = await relay.next();
    const rest = await relay.next();
    assert.deepEqual([full.full, rest.full], [true, false]);
    assert.equal(rest.version, full.version);
    const seen = new Set([...full.channels, ...rest.channels].map(({ id }) => id));
    assert.ok(ids.every((id) => seen.has(id)));
    await relay.hangUp();
    await channels.deleteChannels({ ids });
  });

  it("carries a change made through another replica within one poll", async () => {
    const replica = await startRegistry(registry);
    try {
      const relay = openRelay(replica);
      await relay.next();
      const id = await createOne({ name: "elsewhere" });
      const update = relay.next();
      await moveUntil(update, async () => replica.clock.advance(500));
      assert.deepEqual(
        (await update).channels.map((channel) => channel.id),
        [id],
      );
      await relay.hangUp();
    } finally {
      await replica.stop();
    }
  });

  it("ends every watch with UNAVAILABLE when it stops, so that relays turn to another replica", async () => {
    const replica = await startRegistry(registry);
    const relay = openRelay(replica);
    await relay.next();
    const update = relay.next();
    await replica.stop();
    await assert.rejects(update, (error) => isFault(error, "STOPPING"));
  });
});

/** Moves time until the promise settles: reading the database takes real time between two timers. */
async function moveUntil(settled: Promise<unknown>, move: () => Promise<void>): Promise<void> {
  const state = { isSettled: false };
  const note = (): void => {
    state.isSettled = true;
  };
  settled.then(note, note);
  while (!state.isSettled) {
    await move();
  }
}
