import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Client } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import { isFault } from "@tollgate/kit/fault/fault";
import { ChannelService, ChannelStatus } from "@tollgate/proto/registry/v1/channel_service";
import type { RegistryFixture } from "./registry-fixture.ts";
import { startRegistry } from "./registry-fixture.ts";

const draft = {
  type: 1,
  name: "main",
  models: { values: ["gpt-4o", "gpt-4o-mini"] },
  groups: { values: ["default", "vip"] },
  credential: "sk-abcdefgh12345678",
};

describe("ChannelService", () => {
  let registry: RegistryFixture;
  let client: Client<typeof ChannelService>;

  before(async () => {
    registry = await startRegistry();
    client = createClient(ChannelService, registry.transport);
  });

  after(async () => registry.stop());

  const createOne = async (changes: object = {}): Promise<bigint> => {
    const { ids } = await client.createChannels({ channel: { ...draft, ...changes } });
    assert.equal(ids.length, 1);
    return ids[0] ?? 0n;
  };

  it("makes one channel for each line and numbers their names", async () => {
    const { ids } = await client.createChannels({
      channel: { ...draft, name: "several", credential: "sk-one\n\n  sk-two \r\nsk-three\n" },
    });
    assert.equal(ids.length, 3);
    const { channels, total } = await client.listChannels({
      range: { keyword: "several-", sort: "id", withTotal: true },
    });
    assert.deepEqual(
      channels.map(({ name, id }) => [name, id]),
      [
        ["several-1", ids[0]],
        ["several-2", ids[1]],
        ["several-3", ids[2]],
      ],
    );
    assert.equal(total, 3n);
    for (const { models } of channels) {
      assert.deepEqual(models, draft.models.values);
    }
  });

  it("keeps a service account of many lines as one credential", async () => {
    const credential = JSON.stringify({ type: "service_account", private_key: "x\ny" }, null, 2);
    await createOne({ type: 42, credential });
  });

  it("never answers with a credential or a secret setting and stores neither in the clear", async () => {
    const secret = "sk-very-secret-4711";
    const id = await createOne({
      type: 33,
      credential: secret,
      config: { values: { region: "eu-1", sk: "aws-secret-0815" } },
    });
    const { channel } = await client.getChannel({ id });
    assert.equal(channel?.keyHint, "4711");
    assert.deepEqual(channel?.config, { region: "eu-1", sk: "" });
    const stored = await registry.readStored();
    assert.ok(stored.includes("4711"));
    assert.ok(!stored.includes(secret));
    assert.ok(!stored.includes("aws-secret-0815"));
    assert.ok(!JSON.stringify(registry.logLines).includes(secret));
  });

  it("finds a channel by its whole credential and by id, name, base URL and key hint", async () => {
    const id = await createOne({
      name: "Needle",
      credential: "sk-findme-99887766",
      baseUrl: "https://upstream.example/v9",
    });
    for (const keyword of ["sk-findme-99887766", `${id}`, "needle", "EXAMPLE/v9", "7766"]) {
      const { channels } = await client.listChannels({ range: { keyword } });
      assert.ok(
        channels.some((channel) => channel.id === id),
        keyword,
      );
    }
  });

  it("takes wildcards in a keyword literally", async () => {
    const { channels } = await client.listChannels({ range: { keyword: "%" } });
    assert.deepEqual(channels, []);
  });

  it("says every violation at once, one sentence each", async () => {
    await assert.rejects(
      client.createChannels({
        channel: { name: " ", baseUrl: "ftp://x", weight: 1_000_001, groups: { values: [] } },
      }),
      (error) => {
        assert.ok(isFault(error, "CHANNEL_INVALID"));
        assert.deepEqual(Object.keys(error.metadata).toSorted(), [
          "base_url",
          "credential",
          "groups",
          "name",
          "weight",
        ]);
        return true;
      },
    );
  });

  it("lets the demo type go without a credential, and no other", async () => {
    await createOne({ type: 1000, credential: "" });
    await assert.rejects(createOne({ credential: " \n" }), /credential is needed/u);
  });

  it("changes what is present and leaves the rest, the credential too", async () => {
    const id = await createOne({ systemPrompt: "be kind", config: { values: { sk: "secret-1" } } });
    const { channel } = await client.updateChannel({
      id,
      changes: { priority: 7n, weight: 0, config: { values: { sk: "", region: "r" } } },
    });
    assert.equal(channel?.priority, 7n);
    assert.equal(channel?.systemPrompt, "be kind");
    assert.equal(channel?.keyHint, "5678");
    assert.deepEqual(channel?.models, draft.models.values);
    assert.deepEqual(channel?.config, { region: "r", sk: "" });
    const cleared = await client.updateChannel({ id, changes: { systemPrompt: "" } });
    assert.equal(cleared.channel?.systemPrompt, "");
  });

  it("follows models and groups with the lists that filter by them", async () => {
    const id = await createOne({ models: { values: ["rare-1"] }, groups: { values: ["gold"] } });
    const ids = async (filter: { group?: string; model?: string }) =>
      (await client.listChannels(filter)).channels.map((channel) => channel.id);
    assert.deepEqual(await ids({ model: "rare-1" }), [id]);
    assert.deepEqual(await ids({ group: "gold" }), [id]);
    assert.deepEqual(await ids({ group: "default", model: "rare-1" }), []);
    assert.deepEqual((await client.listModels({ group: "gold" })).models, ["rare-1"]);
    await client.updateChannel({ id, changes: { models: { values: ["rare-2"] } } });
    assert.deepEqual(await ids({ model: "rare-1" }), []);
    assert.deepEqual((await client.listModels({ group: "gold" })).models, ["rare-2"]);
    await client.updateChannel({ id, changes: { status: ChannelStatus.DISABLED } });
    assert.deepEqual((await client.listModels({ group: "gold" })).models, []);
  });

  it("changes several channels alike but refuses to give them one name or one credential", async () => {
    const ids = [await createOne(), await createOne()];
    const { changed } = await client.updateChannels({
      ids: [...ids, 999_999n],
      changes: { weight: 3 },
    });
    assert.equal(changed, 2);
    await assert.rejects(
      client.updateChannels({ ids, changes: { name: "x", credential: "y" } }),
      (error) => isFault(error, "CHANNEL_INVALID") && "name" in error.metadata,
    );
  });

  it("sorts exactly by 64-bit priorities and refuses unknown fields", async () => {
    const large = [9_007_199_254_740_993n, 9_007_199_254_740_992n, -(2n ** 63n)];
    for (const priority of large) {
      await createOne({ name: "sorted", priority });
    }
    const { channels } = await client.listChannels({
      range: { keyword: "sorted", sort: "priority", descending: true },
    });
    assert.deepEqual(
      channels.map(({ priority }) => priority),
      large,
    );
    await assert.rejects(
      client.listChannels({ range: { sort: "id; drop table" } }),
      /cannot be sorted/u,
    );
  });

  it("removes channels with their abilities and never gives an id twice", async () => {
    const id = await createOne({ models: { values: ["short-lived"] } });
    assert.equal((await client.deleteChannels({ ids: [id, id] })).deleted, 1);
    assert.deepEqual((await client.listChannels({ model: "short-lived" })).channels, []);
    await assert.rejects(client.getChannel({ id }), (error) => isFault(error, "CHANNEL_NOT_FOUND"));
    assert.ok((await createOne()) > id);
  });

  it("removes every channel that is switched off and no other", async () => {
    const off = await createOne({ status: ChannelStatus.DISABLED });
    const on = await createOne();
    assert.ok((await client.deleteDisabledChannels({})).deleted >= 1);
    await assert.rejects(client.getChannel({ id: off }));
    await client.getChannel({ id: on });
    const { total } = await client.listChannels({
      status: ChannelStatus.DISABLED,
      range: { withTotal: true },
    });
    assert.equal(total, 0n);
  });
});
