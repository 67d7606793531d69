import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createFakeClock } from "@tollgate/kit/testing/fake-clock";
import type { JobCheckpoint, JobProgress } from "./job.ts";
import { noCheckpoint } from "./job.ts";
import type { JobControl } from "./job-control.ts";
import type { ItemRun } from "./run-items.ts";
import { runItems } from "./run-items.ts";

interface Stage {
  readonly control: JobControl;
  readonly cancel: () => void;
  readonly stop: () => void;
  readonly reports: JobProgress[];
}

function createStage(resumeFrom: JobCheckpoint = noCheckpoint): Stage {
  const cancelled = new AbortController();
  const stopping = new AbortController();
  const reports: JobProgress[] = [];
  return {
    control: {
      cancelled: cancelled.signal,
      stopping: stopping.signal,
      abandoned: new AbortController().signal,
      resumeFrom,
      report: async (progress) => void reports.push(progress),
    },
    cancel: () => cancelled.abort(),
    stop: () => stopping.abort(),
    reports,
  };
}

const ids = [10, 20, 30, 40, 50, 60];

function aRun(stage: Stage, changes: Partial<ItemRun>): ItemRun {
  return {
    ids,
    runItem: async () => ({ success: true, message: "" }),
    concurrency: 4,
    pauseMs: 0,
    control: stage.control,
    clock: createFakeClock(),
    ...changes,
  };
}

describe("running the items of a job", () => {
  it("runs every item once, never more than the bound at a time, and counts outcomes", async () => {
    const stage = createStage();
    const seen: number[] = [];
    let underWay = 0;
    let mostUnderWay = 0;
    const outcome = await runItems(
      aRun(stage, {
        runItem: async (id) => {
          underWay += 1;
          mostUnderWay = Math.max(mostUnderWay, underWay);
          seen.push(id);
          await new Promise<void>((resolve) => {
            setImmediate(resolve);
          });
          underWay -= 1;
          return { success: id !== 30, message: `#${id}` };
        },
      }),
    );
    assert.deepEqual(outcome, { kind: "done" });
    assert.deepEqual(seen, ids);
    assert.equal(mostUnderWay, 4);
    const last = stage.reports.at(-1);
    assert.deepEqual([last?.done, last?.total, last?.succeeded, last?.failed], [6, 6, 5, 1]);
    assert.equal(last?.checkpoint.afterId, 60);
  });

  it("keeps the checkpoint before the first item that has not ended", async () => {
    const stage = createStage();
    const { promise: slow, resolve: finishSlow } = Promise.withResolvers<void>();
    const finished = runItems(
      aRun(stage, {
        concurrency: 2,
        runItem: async (id) => {
          if (id === 20) {
            await slow;
          }
          return { success: true, message: "" };
        },
      }),
    );
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    const behind = stage.reports.at(-1);
    assert.equal(behind?.done, 5);
    assert.deepEqual(behind.checkpoint, { afterId: 10, done: 1, succeeded: 1, failed: 0 });
    finishSlow();
    await finished;
    assert.equal(stage.reports.at(-1)?.checkpoint.done, 6);
  });

  it("goes on after the checkpoint of an earlier run with its counts", async () => {
    const stage = createStage({ afterId: 40, done: 4, succeeded: 3, failed: 1 });
    const seen: number[] = [];
    await runItems(
      aRun(stage, {
        runItem: async (id) => {
          seen.push(id);
          return { success: true, message: "" };
        },
      }),
    );
    assert.deepEqual(seen, [50, 60]);
    const last = stage.reports.at(-1);
    assert.deepEqual([last?.done, last?.total, last?.succeeded, last?.failed], [6, 6, 5, 1]);
  });

  it("ends after the current item when cancelled or stopped", async () => {
    for (const end of ["cancel", "stop"] as const) {
      const stage = createStage();
      const seen: number[] = [];
      const outcome = await runItems(
        aRun(stage, {
          concurrency: 1,
          runItem: async (id) => {
            seen.push(id);
            if (id === 20) {
              stage[end]();
            }
            return { success: true, message: "" };
          },
        }),
      );
      assert.deepEqual(seen, [10, 20]);
      assert.deepEqual(outcome, { kind: end === "cancel" ? "cancelled" : "interrupted" });
      assert.equal(stage.reports.at(-1)?.checkpoint.afterId, 20);
    }
  });

  it("rests between two items and cuts the rest short when cancelled", async () => {
    const stage = createStage();
    const clock = createFakeClock();
    const seen: number[] = [];
    const finished = runItems(
      aRun(stage, {
        concurrency: 1,
        pauseMs: 5000,
        clock,
        runItem: async (id) => {
          seen.push(id);
          return { success: true, message: "" };
        },
      }),
    );
    await clock.advance(4999);
    assert.deepEqual(seen, [10]);
    await clock.advance(1);
    assert.deepEqual(seen, [10, 20]);
    stage.cancel();
    assert.deepEqual(await finished, { kind: "cancelled" });
    assert.equal(clock.pendingTimers(), 0);
  });

  it("breaks with the error of an item once the others under way have ended", async () => {
    const stage = createStage();
    let ended = 0;
    await assert.rejects(
      runItems(
        aRun(stage, {
          runItem: async (id) => {
            if (id === 10) {
              throw new Error("no relay");
            }
            await new Promise<void>((resolve) => {
              setImmediate(resolve);
            });
            ended += 1;
            return { success: true, message: "" };
          },
        }),
      ),
      /no relay/u,
    );
    assert.equal(ended, 3);
  });

  it("is done at once when there are no items", async () => {
    assert.deepEqual(await runItems(aRun(createStage(), { ids: [] })), { kind: "done" });
  });
});
