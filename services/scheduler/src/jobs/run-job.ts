import type { Clock } from "@tollgate/kit/clock/clock";
import type { JobOrder } from "./job.ts";
import type { JobControl, RunJob, RunOutcome } from "./job-control.ts";
import { outlastOutage } from "./outlast-outage.ts";
import type { BookCheck, ItemOutcome, JobPorts } from "./ports.ts";
import { runItems } from "./run-items.ts";

/** What every job needs. */
export interface RunJobOptions {
  readonly ports: JobPorts;
  readonly clock: Pick<Clock, "setTimeout">;
  /** How long a worker rests between two items. */
  readonly pauseMs: number;
}

/** What a kind of job does. */
interface JobWork {
  readonly listItems: (order: JobOrder, signal: AbortSignal) => Promise<readonly number[]>;
  readonly runItem: (id: number, signal: AbortSignal) => Promise<ItemOutcome>;
  /** Absent = {@link itemsAtOnce}. */
  readonly concurrency?: number;
}

const itemsAtOnce = 4;

/** Runs jobs of every kind. */
export function createJobRunner({ ports, clock, pauseMs }: RunJobOptions): RunJob {
  const works = {
    "test-channels": {
      listItems: async ({ onlyDisabled }, signal) => {
        const channels = await ports.listChannels(onlyDisabled ? "switched-off" : "all", signal);
        return channels.map(({ id }) => id);
      },
      runItem: ports.testChannel,
    },
    "refresh-balances": {
      listItems: async (_order, signal) => {
        const types = await ports.listBalanceTypes(signal);
        const channels = await ports.listChannels("enabled", signal);
        return channels.filter(({ type }) => types.has(type)).map(({ id }) => id);
      },
      runItem: ports.fetchBalance,
    },
    "expire-credit": {
      // One item: quota itself knows what is due and goes through it in steps.
      listItems: async () => [1],
      runItem: async (_id, signal) => ports.expireCredit(signal),
    },
    "reconcile-news": checkBooks(ports, ["held"]),
    "reconcile-books": checkBooks(ports, ["held-all", "posted", "batches", "costs", "silence"]),
    "reconcile-journals": checkBooks(ports, ["journals"]),
  } as const satisfies Readonly<Record<JobOrder["kind"], JobWork>>;
  return async (order, control) => {
    const work: JobWork = works[order.kind];
    return runWork(work, order, { control, clock, pauseMs });
  };
}

/** One item for each check, one after another, for they are all work for one database. */
function checkBooks(
  ports: Pick<JobPorts, "checkBooks">,
  [first, ...others]: readonly [BookCheck, ...BookCheck[]],
): JobWork {
  const checks = [first, ...others];
  return {
    listItems: async () => checks.map((_check, index) => index + 1),
    runItem: async (id, signal) => ports.checkBooks(checks[id - 1] ?? first, signal),
    concurrency: 1,
  };
}

interface Surroundings extends Pick<RunJobOptions, "clock" | "pauseMs"> {
  readonly control: JobControl;
}

async function runWork(
  work: JobWork,
  order: JobOrder,
  { control, clock, pauseMs }: Surroundings,
): Promise<RunOutcome> {
  const { cancelled, stopping, abandoned } = control;
  if (cancelled.aborted) {
    return { kind: "cancelled" };
  }
  const signal = AbortSignal.any([cancelled, stopping]);
  const patience = { clock, signal };
  const ids = await outlastOutage(patience, async () => work.listItems(order, abandoned)).catch(
    (error: unknown) => {
      // An outage that outlives this process is no reason to break the job.
      if (!signal.aborted) {
        throw error;
      }
      return undefined;
    },
  );
  if (ids === undefined) {
    return cancelled.aborted ? { kind: "cancelled" } : { kind: "interrupted" };
  }
  return runItems({
    ids,
    runItem: async (id) => outlastOutage(patience, async () => work.runItem(id, abandoned)),
    concurrency: work.concurrency ?? itemsAtOnce,
    pauseMs,
    control,
    clock,
  });
}
