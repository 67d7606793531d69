import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createLogger } from "@tollgate/kit/logging/logger";
import { createFakeClock } from "@tollgate/kit/testing/fake-clock";
import { createInProcessQueue } from "../src/queue/in-process/in-process-queue.ts";
import { describeJobQueue, holdRuns } from "./job-queue-contract.ts";

const logger = createLogger({ service: "scheduler", level: "silent" });

describeJobQueue("the queue in this process", async ({ runJob }) =>
  createInProcessQueue({ runJob, clock: createFakeClock(), logger }),
);

describe("the queue in this process", () => {
  it("fires a schedule after each interval and passes over a job that still runs", async () => {
    const clock = createFakeClock();
    const runs = holdRuns();
    const queue = createInProcessQueue({ runJob: runs.runJob, clock, logger });
    await queue.schedule("test-channels", 60_000);
    await clock.advance(59_999);
    assert.equal(runs.begun(), 0);
    await clock.advance(1);
    const run = await runs.next();
    assert.equal(run.order.requestedBy, "schedule");
    await clock.advance(120_000);
    assert.equal(runs.begun(), 1);
    run.finish({ kind: "done" });
    await clock.advance(60_000);
    assert.equal(runs.begun(), 2);
    (await runs.next()).finish({ kind: "done" });
    await queue.schedule("test-channels", undefined);
    await clock.advance(600_000);
    assert.equal(runs.begun(), 2);
  });

  it("stops by asking runs to end and gives them up at the deadline", async () => {
    const runs = holdRuns();
    const queue = createInProcessQueue({ runJob: runs.runJob, clock: createFakeClock(), logger });
    const { job } = await queue.start({
      kind: "test-channels",
      onlyDisabled: false,
      requestedBy: "1",
    });
    const { control, finish } = await runs.next();
    const deadline = new AbortController();
    const closed = queue.close(deadline.signal);
    assert.equal(control.stopping.aborted, true);
    assert.equal(control.abandoned.aborted, false);
    deadline.abort();
    assert.equal(control.abandoned.aborted, true);
    finish({ kind: "interrupted" });
    await closed;
    const stopped = await queue.find(job.id);
    assert.deepEqual(
      [stopped?.status, stopped?.message],
      ["cancelled", "The scheduler was stopped."],
    );
  });
});
