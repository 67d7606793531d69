/** A user's month: every figure follows from entries of the ledger and from the days' roll-ups. Months and days are those of UTC. */
import { fault } from "./faults.ts";

/** From `fromMs` up to, not including, `toMs`. */
export interface Month {
  readonly fromMs: number;
  readonly toMs: number;
}

/** All entries of one kind. */
export interface Movements {
  readonly kind: string;
  readonly entries: number;
  readonly amountNanos: bigint;
}

/** What calls cost that started on one day. */
export interface DayCharge {
  readonly daySeconds: number;
  /** "" = several. */
  readonly model: string;
  readonly calls: number;
  readonly costNanos: bigint;
}

/** What one look at the database gives; all of it belongs to one moment. */
export interface StatementFacts {
  readonly username: string;
  readonly postedNanos: bigint;
  /** Entries of the month. */
  readonly inMonth: readonly Movements[];
  /** Entries since its end. */
  readonly sinceMonth: readonly Movements[];
  readonly days: readonly DayCharge[];
  /** What calls cost that started since its end. */
  readonly laterCostNanos: bigint;
}

/** A month that adds up: closing = opening + movements - charged, and charged = charges + carried in - carried out. */
export interface Statement extends Month {
  readonly username: string;
  readonly openingNanos: bigint;
  /** Besides calls. */
  readonly movements: readonly Movements[];
  /** Calls that started in the month. */
  readonly charges: readonly DayCharge[];
  /** Cost of calls that started before the month and were posted in it or later. */
  readonly carriedInNanos: bigint;
  /** Cost of calls that started before the month's end and were posted after it. */
  readonly carriedOutNanos: bigint;
  /** What the ledger charged. */
  readonly chargedNanos: bigint;
  readonly closingNanos: bigint;
  readonly isRunning: boolean;
}

const yearMin = 2000;
const yearMax = 9999;
const chargesMax = 20_000;
const settlement = "settlement";

/** Throws REQUEST_INVALID. */
export function monthOf(year: number, month: number): Month {
  if (year < yearMin || year > yearMax || month < 1 || month > 12) {
    throw fault("REQUEST_INVALID", { sentence: "There is no such month." });
  }
  return { fromMs: Date.UTC(year, month - 1), toMs: Date.UTC(year, month) };
}

/**
 * Balances are counted back from the present one, so that only what came since the month's start is read. What was posted since a
 * moment and did not start since then was carried over it.
 */
export function statementOf(month: Month, facts: StatementFacts, nowMs: number): Statement {
  const { postedNanos, inMonth, sinceMonth, days, laterCostNanos } = facts;
  const movedSince = sumOf(sinceMonth);
  const closingNanos = postedNanos - movedSince;
  const chargedNanos = -sumOf(inMonth.filter(isSettlement));
  const chargedLater = -sumOf(sinceMonth.filter(isSettlement));
  const startedIn = days.reduce((sum, { costNanos }) => sum + costNanos, 0n);
  const carriedOutNanos = chargedLater - laterCostNanos;
  return {
    ...month,
    username: facts.username,
    openingNanos: closingNanos - sumOf(inMonth),
    movements: inMonth.filter((movement) => !isSettlement(movement)),
    charges: days.length > chargesMax ? byDay(days) : days,
    carriedInNanos: chargedNanos - startedIn + carriedOutNanos,
    carriedOutNanos,
    chargedNanos,
    closingNanos,
    isRunning: nowMs < month.toMs,
  };
}

function isSettlement({ kind }: Movements): boolean {
  return kind === settlement;
}

function sumOf(movements: readonly Movements[]): bigint {
  return movements.reduce((sum, { amountNanos }) => sum + amountNanos, 0n);
}

function byDay(days: readonly DayCharge[]): readonly DayCharge[] {
  const sums = new Map<number, DayCharge>();
  for (const { daySeconds, calls, costNanos } of days) {
    const sum = sums.get(daySeconds);
    sums.set(daySeconds, {
      daySeconds,
      model: "",
      calls: (sum?.calls ?? 0) + calls,
      costNanos: (sum?.costNanos ?? 0n) + costNanos,
    });
  }
  return [...sums.values()];
}
