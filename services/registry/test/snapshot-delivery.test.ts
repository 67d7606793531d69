import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Client } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import { ChannelService } from "@tollgate/proto/registry/v1/channel_service";
import type { RegistryFixture } from "./registry-fixture.ts";
import { startRegistry } from "./registry-fixture.ts";
import { moveUntil, openRelay } from "./watching-relay.ts";

/** Who waits for whom when a channel changes. The clock stands still unless a test moves it. */
describe("the way of a change to the relays", () => {
  let registry: RegistryFixture;
  let channels: Client<typeof ChannelService>;

  before(async () => {
    registry = await startRegistry();
    channels = createClient(ChannelService, registry.transport);
  });
  after(async () => registry.stop());

  const createOne = async (model: string): Promise<bigint> => {
    const channel = { type: 1, name: model, models: { values: [model] }, credential: "sk" };
    return (await channels.createChannels({ channel })).ids[0] ?? 0n;
  };

  const untilRouted = async (names: readonly string[]): Promise<void> => {
    for (let asked = 0; ; asked += 1) {
      const { models } = await channels.listModels({ group: "" });
      if (names.every((name) => models.includes(name))) {
        return;
      }
      assert.ok(asked < 10_000, "the table never holds them");
    }
  };

  it("a first change goes out at once, and is answered when the relay has it", async () => {
    const relay = openRelay(registry);
    await relay.next();
    const id = await createOne("at-once");
    assert.equal(relay.waiting(), 1);
    assert.deepEqual(
      (await relay.next()).channels.map((channel) => channel.id),
      [id],
    );
    await relay.hangUp();
  });

  it("what follows within 50 ms is held and goes out as one, and after that the next goes out at once", async () => {
    const relay = openRelay(registry);
    await relay.next();
    await createOne("leading");
    await relay.next();
    const names = ["held-1", "held-2", "held-3"];
    const making = Promise.all(names.map(createOne));
    await untilRouted(names);
    assert.equal(relay.waiting(), 0);
    await registry.clock.advance(50);
    const ids = await making;
    const delta = await relay.next();
    assert.deepEqual(new Set(delta.channels.map(({ id }) => id)), new Set(ids));
    assert.equal(relay.waiting(), 0);
    await registry.clock.advance(50);
    await createOne("leading-again");
    assert.equal(relay.waiting(), 1);
    await relay.hangUp();
  });

  it("a relay that says nothing holds nobody up for longer than half a second", async () => {
    const relay = openRelay(registry, { isSilent: true });
    await relay.next();
    const making = createOne("unanswered");
    await relay.next();
    const startedMs = registry.clock.nowMs();
    await moveUntil(making, async () => registry.clock.advance(50));
    assert.ok(registry.clock.nowMs() - startedMs >= 450);
    await relay.hangUp();
  });

  it("a relay that leaves is not waited for", async () => {
    const relay = openRelay(registry, { isSilent: true });
    await relay.next();
    const making = createOne("left");
    await relay.next();
    await relay.hangUp();
    await making;
  });

  it("a relay that refuses an update has answered it", async () => {
    const relay = openRelay(registry, { rejection: "a channel of an unknown type" });
    await relay.next();
    await createOne("refused");
    assert.equal(relay.waiting(), 1);
    await relay.hangUp();
  });
});
