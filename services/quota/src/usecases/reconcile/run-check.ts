import type { Clock } from "@tollgate/kit/clock/clock";
import type { Logger } from "@tollgate/kit/logging/logger";
import type { Check, CheckRun } from "#domain/check-run.ts";
import { createCheckBatches, createCheckCosts } from "./reconcile-batches.ts";
import { createCheckJournals, createCheckSilence } from "./reconcile-journals.ts";
import type {
  BatchSums,
  CheckRunStore,
  JournalSums,
  ReplaySums,
  RunOneCheck,
  UserSums,
} from "./reconcile-ports.ts";
import type { Random } from "./reconcile-replays.ts";
import { createCheckHeld, createCheckHeldAll, createCheckPosted } from "./reconcile-users.ts";

/** What {@link createRunCheck} needs. */
export interface RunCheckPorts {
  readonly userSums: UserSums;
  readonly batchSums: BatchSums;
  readonly journalSums: JournalSums;
  readonly replaySums: ReplaySums;
  /** Draws samples. */
  readonly random: Random;
  readonly checkRuns: CheckRunStore;
  readonly clock: Pick<Clock, "nowMs">;
  readonly logger: Pick<Logger, "warn" | "error">;
  /** How long a run may take; it ends after the page at which time is up. */
  readonly budgetMs: number;
}

/** Runs a check, writes down what it found and tells the log of violations. Never changes anything else. */
export type RunCheck = (check: Check) => Promise<CheckRun>;

/** Every check. */
export function createRunCheck(ports: RunCheckPorts): RunCheck {
  const { userSums, batchSums, journalSums, checkRuns, clock, logger, budgetMs } = ports;
  const works = {
    held: createCheckHeld(userSums),
    "held-all": createCheckHeldAll(userSums),
    posted: createCheckPosted(userSums),
    batches: createCheckBatches(batchSums, logger),
    journals: createCheckJournals(journalSums, ports.replaySums, ports.random),
    costs: createCheckCosts(batchSums),
    silence: createCheckSilence(journalSums),
  } as const satisfies Readonly<Record<Check, RunOneCheck>>;
  return async (check) => {
    const nowMs = clock.nowMs();
    const { state, ...findings } = await works[check]({
      nowMs,
      state: await checkRuns.findState(check),
      isOver: () => clock.nowMs() - nowMs >= budgetMs,
    });
    const run: CheckRun = { check, atMs: nowMs, tookMs: clock.nowMs() - nowMs, ...findings };
    await checkRuns.insert(run, state);
    if (run.violationCount > 0) {
      const { violationCount, violations } = run;
      logger.error({ check, violationCount, violations }, "the books do not add up");
    }
    return run;
  };
}
