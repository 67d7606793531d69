import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Client, Transport } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import { readConfig } from "@tollgate/kit/config/config";
import { isFault, platformFaults } from "@tollgate/kit/fault/fault";
import { createInMemoryTransport } from "@tollgate/kit/grpc/in-memory-transport";
import { createLogger } from "@tollgate/kit/logging/logger";
import { createFakeClock } from "@tollgate/kit/testing/fake-clock";
import { ChannelService, ChannelStatus } from "@tollgate/proto/registry/v1/channel_service";
import { ProbeService } from "@tollgate/proto/relay/v1/probe_service";
import { Check, ReconcileService } from "@tollgate/proto/quota/v1/reconcile_service";
import { WalletService } from "@tollgate/proto/quota/v1/wallet_service";
import type { Job } from "@tollgate/proto/scheduler/v1/job_service";
import { JobKind, JobService, JobStatus } from "@tollgate/proto/scheduler/v1/job_service";
import { schedulerConfigSchema } from "../src/config.ts";
import type { SchedulerService } from "../src/service.ts";
import { createSchedulerService } from "../src/service.ts";

const logger = createLogger({ service: "scheduler", level: "silent" });

const statuses = [
  ChannelStatus.ENABLED,
  ChannelStatus.DISABLED,
  ChannelStatus.AUTO_DISABLED,
] as const;

// 450 channels: every third one switched off, types 1 and 2 in turn, type 2 without a balance.
const channels = Array.from({ length: 450 }, (_, index) => ({
  id: BigInt(index + 1),
  type: 1 + (index % 2),
  status: statuses[index % 3] ?? ChannelStatus.ENABLED,
}));

describe("JobService", () => {
  const clock = createFakeClock();
  const tested: bigint[] = [];
  const refreshed: bigint[] = [];
  let holdTest: Promise<void> | undefined;
  let service: SchedulerService;
  let client: Client<typeof JobService>;

  const registry: Transport = createInMemoryTransport((router) => {
    router.service(ChannelService, {
      listChannels: ({ range, status }) => {
        const matching = channels.filter(
          (channel) => status === ChannelStatus.UNSPECIFIED || channel.status === status,
        );
        const offset = range?.offset ?? 0;
        return { channels: matching.slice(offset, offset + (range?.limit ?? 10)) };
      },
    });
  }, logger);
  const relay: Transport = createInMemoryTransport((router) => {
    router.service(ProbeService, {
      testChannel: async ({ channelId }) => {
        await holdTest;
        tested.push(channelId);
        return { verdict: { success: channelId !== 1n, message: "hello" } };
      },
      listChannelTypes: () => ({ types: [{ id: 1, hasBalance: true }, { id: 2 }] }),
      fetchBalance: ({ channelId }) => {
        refreshed.push(channelId);
        if (channelId === 7n) {
          throw platformFaults.fault("INTERNAL");
        }
        return { balanceNanos: 12_340_000_000n };
      },
    });
  }, logger);

  const swept: bigint[] = [];
  const checked: Check[] = [];
  const quota: Transport = createInMemoryTransport((router) => {
    router.service(WalletService, {
      expireBuckets: ({ afterUserId }) => {
        swept.push(afterUserId);
        return afterUserId === 0n
          ? { users: 200, expiredNanos: 1_000_000_000n, more: true, lastUserId: 300n }
          : { users: 3, expiredNanos: 230_000_000n, more: false };
      },
    });
    router.service(ReconcileService, {
      runCheck: ({ check }) => {
        checked.push(check);
        return check === Check.BATCHES
          ? { run: { check, checked: 9n, violationCount: 2n, violations: ["one", "two"] } }
          : { run: { check, checked: 5n } };
      },
    });
  }, logger);

  before(async () => {
    const config = readConfig(schedulerConfigSchema, { CHANNEL_UPDATE_FREQUENCY: "60" });
    const deps = { logger, clock, version: "test", registry, relay, quota };
    service = await createSchedulerService(config, deps);
    client = createClient(JobService, createInMemoryTransport(service.routes, logger));
  });
  after(async () => service.stop(AbortSignal.abort()));

  const untilEnded = async (id: string): Promise<Job> => {
    for (;;) {
      const { job } = await client.getJob({ id });
      if (job !== undefined && job.finishedAtMs !== 0n) {
        return job;
      }
      await new Promise<void>((resolve) => {
        setImmediate(resolve);
      });
    }
  };

  it("tests every channel, in all pages, and counts the verdicts", async () => {
    const { job } = await client.startJob({ kind: JobKind.TEST_CHANNELS, requestedBy: "1" });
    const ended = await untilEnded(job?.id ?? "");
    assert.equal(ended.status, JobStatus.DONE);
    assert.deepEqual([ended.done, ended.total, ended.succeeded, ended.failed], [450, 450, 449, 1]);
    assert.equal(new Set(tested).size, 450);
    assert.match(ended.message, /^#\d+: hello$/u);
  });

  it("tests only channels that are switched off when asked to", async () => {
    tested.length = 0;
    const order = { kind: JobKind.TEST_CHANNELS, onlyDisabled: true, requestedBy: "1" };
    const { job } = await client.startJob(order);
    assert.equal((await untilEnded(job?.id ?? "")).total, 300);
    assert.ok(tested.every((id) => (id - 1n) % 3n !== 0n));
  });

  it("refreshes, on schedule, the balances of enabled channels whose type has one", async () => {
    await clock.advance(3_600_000);
    const { jobs } = await client.listJobs({});
    const scheduled = jobs.find(
      ({ requestedBy, kind }) => requestedBy === "schedule" && kind === JobKind.REFRESH_BALANCES,
    );
    const ended = await untilEnded(scheduled?.id ?? "");
    assert.equal(ended.kind, JobKind.REFRESH_BALANCES);
    assert.deepEqual([ended.total, ended.failed], [75, 1]);
    assert.ok(refreshed.every((id) => channels[Number(id) - 1]?.type === 1));
  });

  it("takes back credit whose time is over every hour, step by step until nothing is due", async () => {
    swept.length = 0;
    await clock.advance(3_600_000);
    const { jobs } = await client.listJobs({});
    const job = jobs.find(({ kind }) => kind === JobKind.EXPIRE_CREDIT);
    const ended = await untilEnded(job?.id ?? "");
    assert.deepEqual(swept, [0n, 300n]);
    assert.deepEqual(
      [ended.status, ended.message],
      [JobStatus.DONE, "203 users, $1.23 taken back"],
    );
  });

  it("checks the books every minute, hour and day, and counts what does not add up as failed", async () => {
    checked.length = 0;
    await clock.advance(60_000);
    assert.deepEqual(checked, [Check.HELD]);
    const { job } = await client.startJob({ kind: JobKind.RECONCILE_BOOKS, requestedBy: "1" });
    const ended = await untilEnded(job?.id ?? "");
    assert.deepEqual(checked.slice(1), [
      Check.HELD_ALL,
      Check.POSTED,
      Check.BATCHES,
      Check.COSTS,
      Check.SILENCE,
    ]);
    assert.deepEqual([ended.succeeded, ended.failed], [4, 1]);
    assert.equal(ended.message, "silence: 5 checked, all right");
    const day = await client.startJob({ kind: JobKind.RECONCILE_JOURNALS, requestedBy: "1" });
    const ofDay = await untilEnded(day.job?.id ?? "");
    assert.equal(ofDay.message, "journals: 5 checked, all right");
  });

  it("refuses a second job of a kind with ALREADY_EXISTS, and lets the first be cancelled", async () => {
    const held = Promise.withResolvers<void>();
    holdTest = held.promise;
    const order = { kind: JobKind.TEST_CHANNELS, requestedBy: "1" };
    const { job } = await client.startJob(order);
    await assert.rejects(client.startJob(order), (error) => {
      assert.ok(isFault(error, "JOB_RUNNING"));
      assert.equal(error.metadata["jobId"], job?.id);
      return true;
    });
    await client.cancelJob({ id: job?.id ?? "" });
    held.resolve();
    holdTest = undefined;
    const ended = await untilEnded(job?.id ?? "");
    assert.equal(ended.status, JobStatus.CANCELLED);
    assert.ok(ended.done <= 4);
  });

  it("streams a job's changes", async () => {
    const watching = new AbortController();
    const changes = client.watchJobs({}, { signal: watching.signal })[Symbol.asyncIterator]();
    const first = changes.next();
    const { job } = await client.startJob({ kind: JobKind.REFRESH_BALANCES, requestedBy: "1" });
    let { value } = await first;
    while (value?.job?.id !== job?.id || value?.job?.status !== JobStatus.DONE) {
      ({ value } = await changes.next());
    }
    watching.abort();
  });

  it("refuses orders that make no sense and knows no job that never was", async () => {
    const isInvalid = (error: unknown): boolean => isFault(error, "JOB_INVALID");
    await assert.rejects(client.startJob({ requestedBy: "1" }), isInvalid);
    await assert.rejects(client.startJob({ kind: JobKind.TEST_CHANNELS }), isInvalid);
    const strange = { kind: JobKind.REFRESH_BALANCES, onlyDisabled: true, requestedBy: "1" };
    await assert.rejects(client.startJob(strange), isInvalid);
    const isUnknown = (error: unknown): boolean => isFault(error, "JOB_NOT_FOUND");
    await assert.rejects(client.getJob({ id: "x" }), isUnknown);
    await assert.rejects(client.cancelJob({ id: "x" }), isUnknown);
  });
});
