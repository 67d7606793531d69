import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createClient } from "@connectrpc/connect";
import { ChannelService, ChannelStatus } from "@tollgate/proto/registry/v1/channel_service";
import { FailureKind, HealthService } from "@tollgate/proto/registry/v1/health_service";
import { OptionService } from "@tollgate/proto/registry/v1/option_service";
import type { RegistryFixture } from "./registry-fixture.ts";
import { startRegistry } from "./registry-fixture.ts";

describe("the registry's stores", () => {
  let registry: RegistryFixture;

  before(async () => {
    registry = await startRegistry();
  });
  after(async () => {
    await registry.stop();
  });

  it("creates, filters, changes and removes channels", async () => {
    const channels = createClient(ChannelService, registry.transport);
    const models = { values: Array.from({ length: 1200 }, (_, index) => `model-${index}`) };
    const channel = {
      type: 1,
      name: "Büro",
      models,
      credential: "sk-1\nsk-2",
      priority: 2n ** 62n,
    };
    const { ids } = await channels.createChannels({ channel });
    const range = { keyword: "BÜRO-2", withTotal: true };
    const found = await channels.listChannels({ model: "model-1199", group: "default", range });
    assert.deepEqual([found.total, found.channels[0]?.id], [1n, ids[1]]);
    assert.equal(found.channels[0]?.priority, 2n ** 62n);
    const changes = { models: { values: ["Model-A", "model-a"] }, status: ChannelStatus.DISABLED };
    assert.equal((await channels.updateChannels({ ids, changes })).changed, 2);
    assert.equal((await channels.listChannels({ model: "model-a" })).channels.length, 2);
    assert.deepEqual((await channels.listModels({ group: "default" })).models, []);
    assert.equal((await channels.deleteDisabledChannels({})).deleted, 2);
  });

  it("stores options twice in a row and adds up money exactly", async () => {
    const options = createClient(OptionService, registry.transport);
    const health = createClient(HealthService, registry.transport);
    const channels = createClient(ChannelService, registry.transport);
    for (const value of ["true", "true"]) {
      await options.setOption({ key: "AutomaticDisableChannelEnabled", value });
    }
    const channel = { type: 1, name: "money", credential: "sk-money" };
    const id = (await channels.createChannels({ channel })).ids[0] ?? 0n;
    for (const requestId of ["1", "2"]) {
      const charged = { channelId: id, requests: 1, successes: 1, chargedNanos: 2n ** 60n };
      await health.reportHealth({ requestId, outcomes: [charged] });
    }
    const dead = { channelId: id, requests: 1, lastFailure: FailureKind.CREDENTIAL };
    await health.reportHealth({ requestId: "3", outcomes: [dead] });
    const { channel: seen } = await channels.getChannel({ id });
    assert.equal(seen?.status, ChannelStatus.AUTO_DISABLED);
    assert.equal(seen.usedNanos, 2n ** 61n);
  });
});
