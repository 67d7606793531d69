/** The loop that every kind of job shares: items in order, a few at a time, with pauses, progress and three ways to end. */
import type { Clock } from "@tollgate/kit/clock/clock";
import type { JobCheckpoint, JobProgress } from "./job.ts";
import type { JobControl, RunOutcome } from "./job-control.ts";
import { pause } from "./pause.ts";
import type { ItemOutcome } from "./ports.ts";

/** What to run. */
export interface ItemRun {
  /** All items, in ascending order; those up to the checkpoint are passed over. */
  readonly ids: readonly number[];
  /** Throws when the job cannot go on. */
  readonly runItem: (id: number) => Promise<ItemOutcome>;
  /** Items at the same time. */
  readonly concurrency: number;
  /** How long each worker rests between two items. */
  readonly pauseMs: number;
  readonly control: JobControl;
  readonly clock: Pick<Clock, "setTimeout">;
}

/** Runs the items and reports after each. Rejects with what `runItem` threw, once the other items under way have ended. */
export async function runItems(run: ItemRun): Promise<RunOutcome> {
  const { control, concurrency } = run;
  const ids = run.ids.filter((id) => id > control.resumeFrom.afterId);
  const tally = createTally(ids, control.resumeFrom);
  const ending = AbortSignal.any([control.cancelled, control.stopping]);
  const state = { nextIndex: 0, isBroken: false };
  await control.report(tally.progress(""));
  const work = async (): Promise<void> => {
    while (!ending.aborted && !state.isBroken && state.nextIndex < ids.length) {
      const index = state.nextIndex;
      state.nextIndex += 1;
      try {
        const outcome = await run.runItem(ids[index] ?? 0);
        tally.add(index, outcome.success);
        await control.report(tally.progress(outcome.message));
      } catch (error) {
        // Compensates: the other workers end too, then the job breaks.
        state.isBroken = true;
        throw error;
      }
      if (run.pauseMs > 0 && state.nextIndex < ids.length) {
        await pause(run.clock, run.pauseMs, ending);
      }
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: concurrency }, work));
  const broken = workers.find((worker) => worker.status === "rejected");
  if (broken !== undefined && !ending.aborted) {
    throw broken.reason;
  }
  return outcomeOf(control, tally.isComplete());
}

function outcomeOf(control: JobControl, isComplete: boolean): RunOutcome {
  if (isComplete) {
    return { kind: "done" };
  }
  return control.cancelled.aborted ? { kind: "cancelled" } : { kind: "interrupted" };
}

interface Tally {
  readonly add: (index: number, success: boolean) => void;
  readonly progress: (message: string) => JobProgress;
  readonly isComplete: () => boolean;
}

/** Counts items as they end, in any order, and keeps the checkpoint at the end of the unbroken run from the start. */
function createTally(ids: readonly number[], from: JobCheckpoint): Tally {
  const outcomes = new Map<number, boolean>();
  const total = from.done + ids.length;
  let checkpoint = from;
  let { done, succeeded, failed } = from;
  let nextIndex = 0;
  return {
    add: (index, success) => {
      done += 1;
      succeeded += success ? 1 : 0;
      failed += success ? 0 : 1;
      outcomes.set(index, success);
      for (let next = outcomes.get(nextIndex); next !== undefined; next = outcomes.get(nextIndex)) {
        outcomes.delete(nextIndex);
        checkpoint = {
          afterId: ids[nextIndex] ?? checkpoint.afterId,
          done: checkpoint.done + 1,
          succeeded: checkpoint.succeeded + (next ? 1 : 0),
          failed: checkpoint.failed + (next ? 0 : 1),
        };
        nextIndex += 1;
      }
    },
    progress: (message) => ({ done, total, succeeded, failed, message, checkpoint }),
    isComplete: () => done === total,
  };
}
