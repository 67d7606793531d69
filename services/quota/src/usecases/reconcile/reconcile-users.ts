/** R1 and R2: what is held and what is posted of each user. */
import { collectFindings } from "#domain/check-run.ts";
import type { Difference, RunOneCheck, UserSums } from "./reconcile-ports.ts";

const usersPerPage = 200;
// Transactions that began before the last run and were committed after it.
const overlapMs = 60_000;
const firstLookMs = 3_600_000;

/** Compares what is held of users with news since the last run. */
export function createCheckHeld(sums: UserSums): RunOneCheck {
  return async ({ nowMs, state, isOver }) => {
    const sinceMs = numberIn(state, "seenMs") ?? nowMs - firstLookMs;
    const untilMs = numberIn(state, "untilMs") ?? nowMs;
    const pass = await passUsers({
      afterId: numberIn(state, "afterId") ?? 0,
      isOver,
      list: async (afterId) => sums.listTouched(sinceMs - overlapMs, afterId, usersPerPage),
      compare: sums.compareHeld,
      describe: describeHeld,
    });
    return {
      ...pass.findings,
      // What is new during a pass that takes several runs is left to the one after it.
      state: pass.findings.isComplete
        ? { seenMs: untilMs }
        : { seenMs: sinceMs, untilMs, afterId: pass.afterId },
    };
  };
}

/** Compares what is held of everybody. */
export function createCheckHeldAll(sums: UserSums): RunOneCheck {
  return createSweep(sums, sums.compareHeld, describeHeld);
}

/** Compares everybody's balance with the ledger. */
export function createCheckPosted(sums: UserSums): RunOneCheck {
  return createSweep(
    sums,
    sums.comparePosted,
    ({ userId, differenceNanos }) =>
      `the balance of user ${userId} differs from the ledger by ${differenceNanos} nano-USD`,
  );
}

function createSweep(
  sums: Pick<UserSums, "listUsers">,
  compare: UserSums["compareHeld"],
  describe: (difference: Difference) => string,
): RunOneCheck {
  return async ({ state, isOver }) => {
    const pass = await passUsers({
      afterId: numberIn(state, "afterId") ?? 0,
      isOver,
      list: async (afterId) => sums.listUsers(afterId, usersPerPage),
      compare,
      describe,
    });
    return { ...pass.findings, state: pass.findings.isComplete ? {} : { afterId: pass.afterId } };
  };
}

interface Pass {
  readonly afterId: number;
  readonly isOver: () => boolean;
  readonly list: (afterId: number) => Promise<readonly number[]>;
  readonly compare: (userIds: readonly number[]) => Promise<readonly Difference[]>;
  readonly describe: (difference: Difference) => string;
}

async function passUsers({ isOver, list, compare, describe, ...from }: Pass) {
  const findings = collectFindings();
  let { afterId } = from;
  for (;;) {
    const userIds = await list(afterId);
    if (userIds.length > 0) {
      const differences = await compare(userIds);
      differences.forEach((difference) => findings.violate(describe(difference)));
      findings.add(userIds.length);
    }
    afterId = userIds.at(-1) ?? afterId;
    const isLast = userIds.length < usersPerPage;
    if (isLast || isOver()) {
      return { afterId, findings: findings.end(isLast) };
    }
  }
}

function describeHeld({ userId, differenceNanos }: Difference): string {
  return `what is held of user ${userId} differs from the active leases by ${differenceNanos} nano-USD`;
}

/** A number that an earlier run left. */
export function numberIn(
  state: Readonly<Record<string, unknown>>,
  name: string,
): number | undefined {
  const value = state[name];
  return typeof value === "number" && Number.isSafeInteger(value) ? value : undefined;
}
