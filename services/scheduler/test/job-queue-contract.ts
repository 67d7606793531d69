import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Job, JobOrder } from "../src/jobs/job.ts";
import type { JobControl, RunJob, RunOutcome } from "../src/jobs/job-control.ts";
import type { JobQueue } from "../src/queue/job-queue.ts";

/** A job under way, in the hands of the test. */
export interface HeldRun {
  readonly order: JobOrder;
  readonly control: JobControl;
  readonly finish: (outcome: RunOutcome) => void;
  readonly fail: (error: Error) => void;
}

/** A `runJob` whose runs wait for the test. */
export interface HeldRuns {
  readonly runJob: RunJob;
  /** The next run that begins. */
  readonly next: () => Promise<HeldRun>;
  readonly begun: () => number;
}

/** Makes a `runJob` that the test steers. */
export function holdRuns(): HeldRuns {
  const waiting: ((run: HeldRun) => void)[] = [];
  const begun: HeldRun[] = [];
  let count = 0;
  return {
    runJob: async (order, control) => {
      const { promise, resolve, reject } = Promise.withResolvers<RunOutcome>();
      const run = { order, control, finish: resolve, fail: reject };
      count += 1;
      // A run that its test has forgotten must not keep the queue from closing.
      control.abandoned.addEventListener("abort", () => resolve({ kind: "interrupted" }));
      const taker = waiting.shift();
      if (taker === undefined) {
        begun.push(run);
      } else {
        taker(run);
      }
      return promise;
    },
    next: async () => {
      const run = begun.shift();
      return run ?? new Promise<HeldRun>((resolve) => void waiting.push(resolve));
    },
    begun: () => count,
  };
}

/** Opens a queue over the runs. */
export type OpenQueue = (runs: HeldRuns) => Promise<JobQueue>;

const testOrder: JobOrder = { kind: "test-channels", onlyDisabled: true, requestedBy: "7" };
const balanceOrder: JobOrder = {
  kind: "refresh-balances",
  onlyDisabled: false,
  requestedBy: "schedule",
};
const progress = {
  done: 2,
  total: 5,
  succeeded: 1,
  failed: 1,
  message: "#2: ok",
  checkpoint: { afterId: 2, done: 2, succeeded: 1, failed: 1 },
};

/** The job once it fulfils the condition; at most 10 seconds from now. */
export async function untilJob(
  queue: JobQueue,
  id: string,
  condition: (job: Job) => boolean,
): Promise<Job> {
  const watching = new AbortController();
  const changes = queue.watch(AbortSignal.any([watching.signal, AbortSignal.timeout(10_000)]));
  try {
    for (;;) {
      // Listens before it looks, so that no change falls between the two.
      const change = changes.next();
      const job = await queue.find(id);
      if (job !== undefined && condition(job)) {
        return job;
      }
      const { done } = await change;
      assert.ok(done !== true, `in vain: ${job?.status ?? "no such job"}`);
    }
  } finally {
    watching.abort();
  }
}

/** What both queues promise. */
export function describeJobQueue(name: string, open: OpenQueue): void {
  describe(`${name} keeps the contract of a job queue`, () => {
    const runs = holdRuns();
    const watching = new AbortController();
    let queue: JobQueue;

    before(async () => {
      queue = await open(runs);
    });
    after(async () => {
      watching.abort();
      await queue.close(AbortSignal.abort());
    });

    const start = async (order: JobOrder): Promise<Job> => {
      const outcome = await queue.start(order);
      assert.equal(outcome.kind, "started");
      return outcome.job;
    };
    const seen = async (id: string, condition: (job: Job) => boolean): Promise<Job> =>
      untilJob(queue, id, condition);

    it("hands the order to the run and ends with what the run says", async () => {
      const { id } = await start(testOrder);
      const run = await runs.next();
      assert.deepEqual(run.order, testOrder);
      assert.equal(run.control.resumeFrom.afterId, 0);
      const running = await seen(id, ({ status }) => status === "running");
      assert.ok(running.startedAtMs > 0);
      assert.equal(running.finishedAtMs, 0);
      await run.control.report(progress);
      run.finish({ kind: "done" });
      const { checkpoint: _checkpoint, ...counts } = progress;
      const done = await seen(id, ({ status }) => status === "done");
      assert.deepEqual(done, { ...done, ...counts, requestedBy: "7", kind: "test-channels" });
      assert.ok(done.finishedAtMs >= done.startedAtMs);
    });

    it("runs one job of a kind at a time, and kinds beside each other", async () => {
      const first = await start(testOrder);
      const firstRun = await runs.next();
      const second = await queue.start(testOrder);
      assert.equal(second.kind, "running");
      assert.equal(second.job.id, first.id);
      const other = await start(balanceOrder);
      const otherRun = await runs.next();
      firstRun.finish({ kind: "done" });
      otherRun.finish({ kind: "done" });
      await seen(first.id, ({ status }) => status === "done");
      await seen(other.id, ({ status }) => status === "done");
      const third = await start(testOrder);
      (await runs.next()).finish({ kind: "done" });
      await seen(third.id, ({ status }) => status === "done");
    });

    it("starts only one of many wishes that come at once", async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, async () => queue.start(testOrder)),
      );
      const started = outcomes.filter(({ kind }) => kind === "started");
      assert.equal(started.length, 1);
      assert.equal(new Set(outcomes.map(({ job }) => job.id)).size, 1);
      (await runs.next()).finish({ kind: "done" });
      await seen(outcomes[0]?.job.id ?? "", ({ status }) => status === "done");
    });

    it("tells a run of the wish to cancel and ends the job as cancelled", async () => {
      const { id } = await start(testOrder);
      const run = await runs.next();
      assert.equal(run.control.cancelled.aborted, false);
      const aborted = new Promise((resolve) => {
        run.control.cancelled.addEventListener("abort", resolve);
      });
      assert.equal((await queue.cancel(id))?.id, id);
      await aborted;
      run.finish({ kind: "cancelled" });
      const cancelled = await seen(id, ({ status }) => status === "cancelled");
      assert.deepEqual(await queue.cancel(id), cancelled);
    });

    it("says why a job broke without showing what only we may know", async () => {
      const { id } = await start(testOrder);
      (await runs.next()).fail(new Error("password is 4711"));
      const { message } = await seen(id, ({ status }) => status === "failed");
      assert.equal(message, "Something went wrong on our side.");
      const next = await start(testOrder);
      (await runs.next()).finish({ kind: "done" });
      await seen(next.id, ({ status }) => status === "done");
    });

    it("knows nothing of a job that never was", async () => {
      assert.equal(await queue.find("nobody"), undefined);
      assert.equal(await queue.cancel("nobody"), undefined);
    });

    it("shows a watcher the unfinished jobs first and then every change to the end", async () => {
      const { id } = await start(testOrder);
      const run = await runs.next();
      await seen(id, ({ status }) => status === "running");
      const statuses: string[] = [];
      for await (const job of queue.watch(watching.signal)) {
        if (job.id === id) {
          if (statuses.length === 0) {
            run.finish({ kind: "done" });
          }
          statuses.push(job.status);
          if (job.status === "done") {
            break;
          }
        }
      }
      assert.equal(statuses[0], "running");
      assert.equal(statuses.at(-1), "done");
    });

    it("keeps only the last finished job of a kind that runs all the time", async () => {
      const order: JobOrder = { ...balanceOrder, kind: "reconcile-news" };
      for (let index = 0; index < 3; index += 1) {
        const { id } = await start(order);
        const listed = (await queue.list()).filter(({ kind }) => kind === order.kind);
        assert.deepEqual(
          listed.map((job) => job.id),
          [id],
        );
        (await runs.next()).finish({ kind: "done" });
        await seen(id, ({ status }) => status === "done");
      }
    });

    it("keeps the last 100 jobs, newest first", async () => {
      let last = "";
      for (let index = 0; index < 105; index += 1) {
        const { id } = await start(testOrder);
        (await runs.next()).finish({ kind: "done" });
        await seen(id, ({ status }) => status === "done");
        last = id;
      }
      const jobs = await queue.list();
      assert.equal(jobs.length, 100);
      assert.equal(jobs[0]?.id, last);
    });
  });
}
