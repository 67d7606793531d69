import type { Clock } from "@tollgate/kit/clock/clock";
import { fault } from "#domain/faults.ts";
import type { Month, Statement, StatementFacts } from "#domain/statement.ts";
import { monthOf, statementOf } from "#domain/statement.ts";

/** Months at rest. */
export interface StatementReader {
  /** Reads all of it in one statement, so that traffic in between disturbs nothing. Undefined = no such wallet. */
  readonly read: (userId: number, month: Month) => Promise<StatementFacts | undefined>;
}

/** What {@link createReadStatement} needs. */
export interface ReadStatementPorts {
  readonly statements: StatementReader;
  readonly clock: Pick<Clock, "nowMs">;
}

/** A user's month. Throws WALLET_NOT_FOUND and REQUEST_INVALID. */
export type ReadStatement = (query: {
  readonly userId: number;
  readonly year: number;
  readonly month: number;
}) => Promise<Statement>;

/** Reads and adds up. */
export function createReadStatement({ statements, clock }: ReadStatementPorts): ReadStatement {
  return async ({ userId, year, month }) => {
    const window = monthOf(year, month);
    const nowMs = clock.nowMs();
    if (window.fromMs > nowMs) {
      throw fault("REQUEST_INVALID", { sentence: "The month has not begun yet." });
    }
    const facts = await statements.read(userId, window);
    if (facts === undefined) {
      throw fault("WALLET_NOT_FOUND");
    }
    return statementOf(window, facts, nowMs);
  };
}
