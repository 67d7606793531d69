import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type { Client } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import { isFault } from "@tollgate/kit/fault/fault";
import { eventually } from "@tollgate/kit/testing/eventually";
import type { Channel } from "@tollgate/proto/registry/v1/channel_service";
import { ChannelService, ChannelStatus } from "@tollgate/proto/registry/v1/channel_service";
import { FailureKind, HealthService } from "@tollgate/proto/registry/v1/health_service";
import { OptionService } from "@tollgate/proto/registry/v1/option_service";
import type { RegistryFixture } from "./registry-fixture.ts";
import { startRegistry } from "./registry-fixture.ts";

describe("HealthService", () => {
  let registry: RegistryFixture;
  let channels: Client<typeof ChannelService>;
  let health: Client<typeof HealthService>;
  let id: bigint;
  let reports = 0;

  before(async () => {
    registry = await startRegistry();
    channels = createClient(ChannelService, registry.transport);
    health = createClient(HealthService, registry.transport);
  });
  after(async () => registry.stop());

  beforeEach(async () => {
    await setOption("AutomaticDisableChannelEnabled", "true");
    await setOption("AutomaticEnableChannelEnabled", "true");
    const channel = { type: 1, name: "watched", credential: "sk-watched" };
    id = (await channels.createChannels({ channel })).ids[0] ?? 0n;
  });

  const setOption = async (key: string, value: string): Promise<void> => {
    await createClient(OptionService, registry.transport).setOption({ key, value });
  };
  const read = async (client = channels): Promise<Channel> => {
    const { channel } = await client.getChannel({ id });
    assert.ok(channel !== undefined);
    return channel;
  };
  const report = async (outcome: object, requestId = `report-${(reports += 1)}`): Promise<void> => {
    await health.reportHealth({
      requestId,
      outcomes: [{ channelId: id, requests: 1, successes: 0, ...outcome }],
    });
  };

  it("adds up reports, each once, and forgets calls after an hour", async () => {
    const outcome = { requests: 5, successes: 3, chargedNanos: 7n };
    await report(outcome, "same");
    await report(outcome, "same");
    await report({ requests: 1, successes: 1, chargedNanos: 1n });
    const { requests1h, successes1h, usedNanos } = await read();
    assert.deepEqual(
      { requests1h, successes1h, usedNanos },
      { requests1h: 6, successes1h: 4, usedNanos: 8n },
    );
    await registry.clock.advance(60 * 60_000);
    assert.equal((await read()).requests1h, 0);
    // What is being saved just now may be missing for a moment.
    await eventually(async () => (await read()).usedNanos === 8n);
  });

  it("saves used money every five seconds and at the stop, exactly beyond 2^53", async () => {
    const replica = await startRegistry(registry);
    const other = createClient(ChannelService, replica.transport);
    try {
      await createClient(HealthService, replica.transport).reportHealth({
        requestId: "from-a-relay",
        outcomes: [
          { channelId: id, requests: 1, successes: 1, chargedNanos: 9_007_199_254_740_993n },
        ],
      });
      assert.equal((await read(other)).usedNanos, 9_007_199_254_740_993n);
      assert.equal((await read()).usedNanos, 0n);
    } finally {
      await replica.stop();
    }
    assert.equal((await read()).usedNanos, 9_007_199_254_740_993n);
  });

  it("shows a channel as cooling down until that time has passed", async () => {
    const untilMs = registry.clock.nowMs() + 10_000;
    await report({ coolingUntilMs: BigInt(untilMs), lastFailure: FailureKind.RATE_LIMIT });
    assert.equal((await read()).coolingUntil, BigInt(Math.ceil(untilMs / 1000)));
    await registry.clock.advance(10_000);
    assert.equal((await read()).coolingUntil, 0n);
  });

  it("switches off a channel with a dead credential or without funds, and says why", async () => {
    await report({ lastFailure: FailureKind.CREDENTIAL, lastFailureMessage: "invalid api key" });
    const { status, statusReason } = await read();
    assert.equal(status, ChannelStatus.AUTO_DISABLED);
    assert.match(statusReason, /invalid api key/u);
  });

  it("leaves a channel alone for failures that may pass, and when the option is off", async () => {
    for (const kind of [FailureKind.CALLER, FailureKind.RATE_LIMIT, FailureKind.TRANSIENT]) {
      await report({ lastFailure: kind, lastFailureMessage: "no" });
    }
    await setOption("AutomaticDisableChannelEnabled", "false");
    await report({ lastFailure: FailureKind.FUNDS, lastFailureMessage: "no credit" });
    assert.equal((await read()).status, ChannelStatus.ENABLED);
  });

  it("clears the reason when an operator switches the channel on", async () => {
    await report({ lastFailure: FailureKind.FUNDS, lastFailureMessage: "no credit" });
    await channels.updateChannel({ id, changes: { status: ChannelStatus.ENABLED } });
    const { status, statusReason } = await read();
    assert.deepEqual([status, statusReason], [ChannelStatus.ENABLED, ""]);
  });

  it("stores a test, with response time 0 for a failed one", async () => {
    await health.recordTest({ channelId: id, success: true, elapsedMs: 900 });
    assert.equal((await read()).responseTimeMs, 900);
    assert.equal((await read()).testTime, BigInt(Math.floor(registry.clock.nowMs() / 1000)));
    await health.recordTest({ channelId: id, elapsedMs: 900, failure: FailureKind.TRANSIENT });
    assert.equal((await read()).responseTimeMs, 0);
  });

  it("switches a slow channel off by a test and on again by a quick one", async () => {
    const slow = await health.recordTest({ channelId: id, success: true, elapsedMs: 5001 });
    assert.deepEqual([slow.disabled, slow.enabled], [true, false]);
    assert.match((await read()).statusReason, /5\.00 s/u);
    const quick = await health.recordTest({ channelId: id, success: true, elapsedMs: 200 });
    assert.deepEqual([quick.disabled, quick.enabled], [false, true]);
    assert.equal((await read()).status, ChannelStatus.ENABLED);
  });

  it("never switches on what an operator switched off", async () => {
    await channels.updateChannel({ id, changes: { status: ChannelStatus.DISABLED } });
    const { enabled } = await health.recordTest({ channelId: id, success: true, elapsedMs: 200 });
    assert.equal(enabled, false);
    assert.equal((await read()).status, ChannelStatus.DISABLED);
  });

  it("stores a balance exactly", async () => {
    await health.recordBalance({ channelId: id, balanceNanos: 9_000_000_000_000_000_001n });
    assert.equal((await read()).balanceNanos, 9_000_000_000_000_000_001n);
  });

  it("knows no channel that is gone", async () => {
    const gone = 123_456n;
    const isUnknown = (error: unknown): boolean => isFault(error, "CHANNEL_NOT_FOUND");
    await assert.rejects(health.recordTest({ channelId: gone, success: true }), isUnknown);
    await assert.rejects(health.recordBalance({ channelId: gone, balanceNanos: 1n }), isUnknown);
    await health.reportHealth({ requestId: "gone", outcomes: [{ channelId: gone, requests: 1 }] });
  });

  it("refuses a report without an id or with more successes than requests", async () => {
    const isInvalid = (error: unknown): boolean => isFault(error, "REQUEST_INVALID");
    await assert.rejects(report({}, ""), isInvalid);
    await assert.rejects(report({ requests: 1, successes: 2 }), isInvalid);
  });
});
