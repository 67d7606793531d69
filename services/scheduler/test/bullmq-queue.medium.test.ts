import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import process from "node:process";
import { after, afterEach, before, describe, it } from "node:test";
import { systemClock } from "@tollgate/kit/clock/clock";
import { createLogger } from "@tollgate/kit/logging/logger";
import { connectRedis } from "@tollgate/kit/redis/connect-redis";
import { startRedis } from "@tollgate/local/redis";
import type { PrivateRedis } from "@tollgate/local/redis";
import type { JobStatus } from "../src/jobs/job.ts";
import { createBullmqQueue } from "../src/queue/bullmq/bullmq-queue.ts";
import type { JobQueue } from "../src/queue/job-queue.ts";
import type { HeldRuns } from "./job-queue-contract.ts";
import { describeJobQueue, holdRuns, untilJob } from "./job-queue-contract.ts";

const logger = createLogger({ service: "scheduler", level: "silent" });
const timing = { lockMs: 1000, lostCheckMs: 500 };
const order = { kind: "test-channels", onlyDisabled: false, requestedBy: "1" } as const;
const progress = {
  done: 3,
  total: 9,
  succeeded: 3,
  failed: 0,
  message: "",
  checkpoint: { afterId: 30, done: 3, succeeded: 3, failed: 0 },
};

let server: PrivateRedis;
before(async () => {
  server = await startRedis();
});
after(async () => server.stop());

const opened = new Set<JobQueue>();

function open({ runJob }: HeldRuns): JobQueue {
  const queue = createBullmqQueue({
    connect: (isBlocking) => connectRedis({ connString: server.url, isBlocking }),
    runJob,
    clock: systemClock,
    logger,
    timing,
  });
  opened.add(queue);
  return queue;
}

describeJobQueue("the queue in Redis", async (runs) => {
  const queue = open(runs);
  opened.delete(queue);
  return queue;
});

describe("the queue in Redis, shared by schedulers", () => {
  afterEach(async () => {
    const left = [...opened];
    opened.clear();
    await Promise.all(left.map(async (queue) => queue.close(AbortSignal.abort())));
  });

  it("goes on from the checkpoint in another scheduler when one stops", async () => {
    const [first, second] = [holdRuns(), holdRuns()];
    const leaving = open(first);
    const { job } = await leaving.start(order);
    const run = await first.next();
    await run.control.report(progress);
    const staying = open(second);
    opened.delete(leaving);
    const closed = leaving.close(new AbortController().signal);
    if (!run.control.stopping.aborted) {
      await once(run.control.stopping, "abort");
    }
    run.finish({ kind: "interrupted" });
    await closed;
    const resumed = await second.next();
    assert.deepEqual(resumed.control.resumeFrom, progress.checkpoint);
    assert.deepEqual(resumed.order, order);
    assert.equal((await staying.find(job.id))?.done, 3);
    resumed.finish({ kind: "done" });
    await untilStatus(staying, job.id, "done");
  });

  it("takes up a job after a restart when no scheduler was there in between", async () => {
    const before = holdRuns();
    const queue = open(before);
    const { job } = await queue.start(order);
    const run = await before.next();
    await run.control.report(progress);
    opened.delete(queue);
    const closed = queue.close(new AbortController().signal);
    run.finish({ kind: "interrupted" });
    await closed;

    const after = holdRuns();
    const restarted = open(after);
    const again = await restarted.start(order);
    assert.deepEqual([again.kind, again.job.id], ["running", job.id]);
    const resumed = await after.next();
    assert.equal(resumed.control.resumeFrom.afterId, 30);
    resumed.finish({ kind: "done" });
    await untilStatus(restarted, job.id, "done");
  });

  it("takes a job from a scheduler that was killed and goes on from the checkpoint", async () => {
    const script = join(import.meta.dirname, "lost-scheduler.ts");
    const lost = spawn(process.execPath, [script, server.url], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const runs = holdRuns();
    try {
      const [line] = await once(lost.stdout, "data");
      const id = String(line).trim();
      lost.kill("SIGKILL");
      await once(lost, "exit");
      const queue = open(runs);
      const resumed = await runs.next();
      assert.deepEqual(resumed.control.resumeFrom, progress.checkpoint);
      resumed.finish({ kind: "done" });
      await untilStatus(queue, id, "done");
    } finally {
      lost.kill("SIGKILL");
    }
  });

  it("lets any scheduler watch and cancel what another one runs", async () => {
    const [running, watching] = [holdRuns(), holdRuns()];
    const runner = open(running);
    const { job } = await runner.start(order);
    const run = await running.next();
    const watcher = open(watching);
    const watch = watcher.watch(AbortSignal.timeout(10_000));
    assert.equal((await watch.next()).value?.id, job.id);
    await run.control.report(progress);
    let { value } = await watch.next();
    while (value?.id !== job.id || value.done !== 3) {
      ({ value } = await watch.next());
    }
    await watcher.cancel(job.id);
    if (!run.control.cancelled.aborted) {
      await once(run.control.cancelled, "abort");
    }
    run.finish({ kind: "cancelled" });
    await untilStatus(watcher, job.id, "cancelled");
  });

  it("fires a schedule once however many schedulers set it, and not before the first interval", async () => {
    const all = [holdRuns(), holdRuns(), holdRuns()];
    const queues = all.map(open);
    const setAtMs = Date.now();
    for (const queue of queues) {
      await queue.schedule("refresh-balances", 1000);
    }
    const run = await Promise.race(all.map(async (runs) => runs.next()));
    assert.ok(Date.now() - setAtMs >= 900, "too early");
    assert.deepEqual(run.order, {
      kind: "refresh-balances",
      onlyDisabled: false,
      requestedBy: "schedule",
    });
    await queues[0]?.schedule("refresh-balances", undefined);
    run.finish({ kind: "done" });
    const begun = all.reduce((total, runs) => total + runs.begun(), 0);
    assert.equal(begun, 1);
  });
});

async function untilStatus(queue: JobQueue, id: string, wanted: JobStatus): Promise<void> {
  await untilJob(queue, id, ({ status }) => status === wanted);
}
