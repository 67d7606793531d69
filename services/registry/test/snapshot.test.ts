import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Client } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import { isFault } from "@tollgate/kit/fault/fault";
import { ChannelService, ChannelStatus } from "@tollgate/proto/registry/v1/channel_service";
import { OptionService } from "@tollgate/proto/registry/v1/option_service";
import type { RegistryFixture } from "./registry-fixture.ts";
import { startRegistry } from "./registry-fixture.ts";
import { moveUntil, openRelay } from "./watching-relay.ts";

const draft = {
  type: 1,
  name: "routed",
  models: { values: ["m"] },
  credential: "sk-plain-to-relays",
};

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

  it("sends everything first, then only what changed, with growing versions", async () => {
    const first = await createOne();
    const relay = openRelay(registry);
    const full = await relay.next();
    assert.equal(full.full, true);
    assert.deepEqual(full.options, { ...full.options, retryTimes: 2, automaticDisable: false });
    const sent = full.channels.find(({ id }) => id === first);
    assert.equal(sent?.credential, draft.credential);
    assert.equal(sent.weight, 1);

    const second = await createOne({ weight: 5 });
    const delta = await relay.next();
    assert.equal(delta.full, false);
    assert.ok(delta.version > full.version);
    assert.notEqual(delta.nonce, full.nonce);
    assert.deepEqual(
      delta.channels.map(({ id, enabled, weight }) => ({ id, enabled, weight })),
      [{ id: second, enabled: true, weight: 5 }],
    );
    assert.deepEqual([delta.removedChannelIds, delta.options], [[], undefined]);

    await registry.clock.advance(50);
    await channels.updateChannel({ id: second, changes: { status: ChannelStatus.DISABLED } });
    const switchedOff = await relay.next();
    assert.deepEqual(
      switchedOff.channels.map(({ id, enabled }) => ({ id, enabled })),
      [{ id: second, enabled: false }],
    );
    await registry.clock.advance(50);
    await channels.deleteChannels({ ids: [first] });
    const removal = await relay.next();
    assert.ok(removal.version > switchedOff.version);
    assert.deepEqual([removal.channels, removal.removedChannelIds], [[], [first]]);
    await relay.hangUp();
  });

  it("pushes routing options when they change and not otherwise", async () => {
    const options = createClient(OptionService, registry.transport);
    const relay = openRelay(registry);
    await relay.next();
    await options.setOption({ key: "RetryTimes", value: "4", actorId: 1n });
    const delta = await relay.next();
    assert.equal(delta.options?.retryTimes, 4);
    assert.deepEqual(delta.channels, []);
    await registry.clock.advance(50);
    await options.setOption({ key: "ClampOutputGroups", value: " default, vip,", actorId: 1n });
    const clamped = await relay.next();
    assert.deepEqual(clamped.options?.clampGroups, ["default", "vip"]);
    await relay.hangUp();
  });

  it("logs a nack and does not send that update again", async () => {
    const relay = openRelay(registry, { rejection: "a channel of an unknown type" });
    const full = await relay.next();
    const id = await createOne();
    const delta = await relay.next();
    assert.deepEqual(
      delta.channels.map((channel) => channel.id),
      [id],
    );
    const nacks = registry.logLines.filter(({ msg }) => msg === "snapshot update rejected");
    assert.deepEqual(
      nacks.map(({ nonce, rejection }) => [nonce, rejection]),
      [full.nonce, delta.nonce].map((nonce) => [nonce, "a channel of an unknown type"]),
    );
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
