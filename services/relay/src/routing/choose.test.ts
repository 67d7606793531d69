import assert from "node:assert/strict";
import { test } from "node:test";
import { createSeededRandom } from "@tollgate/kit/testing/seeded-random";
import { chooseChannel } from "#routing/choose.ts";
import type { RoutedChannel } from "#routing/routed-channel.ts";
import { createSnapshot } from "#routing/snapshot.ts";

function aChannel(id: number, more: Partial<RoutedChannel> = {}): RoutedChannel {
  return {
    id,
    type: 1,
    name: `channel ${id}`,
    enabled: true,
    weight: 1,
    priority: 0,
    models: new Set(["m"]),
    groups: ["default"],
    modelMapping: new Map(),
    systemPrompt: "",
    drainsStreams: false,
    drainsWhole: true,
    target: { type: 1, baseUrl: "http://upstream", credential: "c", config: {} },
    ...more,
  };
}

function tiersOf(...channels: readonly RoutedChannel[]) {
  const snapshot = createSnapshot(1, new Map(channels.map((channel) => [channel.id, channel])), {
    retryTimes: 0,
    clampGroups: new Set(),
  });
  return snapshot.tiersOf("default", "m");
}

function filter(
  more: { tried?: readonly number[]; cooling?: readonly number[]; seed?: number } = {},
) {
  const random = createSeededRandom(more.seed ?? 1);
  return {
    isEligible: (channel: RoutedChannel) => !(more.tried ?? []).includes(channel.id),
    isCooling: (id: number) => (more.cooling ?? []).includes(id),
    random: () => random.next(),
  };
}

test("the highest priority is chosen while it can be", () => {
  const tiers = tiersOf(aChannel(1), aChannel(2, { priority: 5 }));
  assert.equal(chooseChannel(tiers, filter())?.id, 2);
  assert.equal(chooseChannel(tiers, filter({ tried: [2] }))?.id, 1);
  assert.equal(chooseChannel(tiers, filter({ cooling: [2] }))?.id, 1);
});

test("within a tier channels are chosen by their weights", () => {
  const tiers = tiersOf(aChannel(1, { weight: 3 }), aChannel(2), aChannel(3, { weight: 6 }));
  const counts = [0, 0, 0, 0];
  const weighted = filter({ seed: 7 });
  for (let round = 0; round < 10_000; round += 1) {
    const id = chooseChannel(tiers, weighted)?.id ?? 0;
    counts[id] = (counts[id] ?? 0) + 1;
  }
  for (const [id, share] of [
    [1, 0.3],
    [2, 0.1],
    [3, 0.6],
  ] as const) {
    assert.ok(Math.abs((counts[id] ?? 0) / 10_000 - share) < 0.02, `channel ${id}`);
  }
});

test("a cooling channel is taken only if there is no other, a tried one never", () => {
  const tiers = tiersOf(aChannel(1), aChannel(2));
  for (let seed = 1; seed < 50; seed += 1) {
    assert.equal(chooseChannel(tiers, filter({ cooling: [1], seed }))?.id, 2);
    assert.equal(chooseChannel(tiers, filter({ cooling: [1], tried: [2], seed }))?.id, 1);
  }
  assert.equal(chooseChannel(tiers, filter({ tried: [1, 2] })), undefined);
});

test("disabled channels, other groups and other models are not candidates", () => {
  const tiers = tiersOf(
    aChannel(1, { enabled: false }),
    aChannel(2, { groups: ["vip"] }),
    aChannel(3, { models: new Set(["other"]) }),
  );
  assert.deepEqual(tiers, []);
});
