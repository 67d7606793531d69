import type { ServiceImpl } from "@connectrpc/connect";
import { formatUuid, parseUuid } from "@tollgate/kit/ids/uuid-v7";
import type { ReportService } from "@tollgate/proto/quota/v1/report_service";
import { fault } from "#domain/faults.ts";
import type { Statement } from "#domain/statement.ts";
import type { ReRate } from "#usecases/reports/re-rate.ts";
import type { ReadStatement } from "#usecases/reports/read-statement.ts";
import { numberFromWire, optionalIdFromWire } from "./wire-number.ts";

/** The use cases behind `ReportService`. */
export interface ReportUseCases {
  readonly reRate: ReRate;
  readonly readStatement: ReadStatement;
}

/** `ReportService`, one function per RPC. */
export function createReportHandlers({
  reRate,
  readStatement,
}: ReportUseCases): ServiceImpl<typeof ReportService> {
  return {
    reRate: async ({ fromMs, toMs, priceVersion, userId, after }) => {
      const part = await reRate({
        fromMs: numberFromWire(fromMs),
        toMs: numberFromWire(toMs),
        version: numberFromWire(priceVersion),
        userId: optionalIdFromWire(userId),
        after: after === "" ? undefined : rowIdFromWire(after),
      });
      return {
        rows: part.rows.map((row) => ({
          userId: BigInt(row.userId),
          username: row.username,
          model: row.model,
          calls: BigInt(row.calls),
          billedNanos: row.billedNanos,
          reRatedNanos: row.reRatedNanos,
          unpricedCalls: BigInt(row.unpricedCalls),
        })),
        calls: BigInt(part.calls),
        more: part.after !== undefined,
        after: part.after === undefined ? "" : formatUuid(part.after),
        logFromMs: BigInt(part.logFromMs),
      };
    },
    getStatement: async ({ userId, year, month }) =>
      statementToWire(await readStatement({ userId: numberFromWire(userId), year, month })),
  };
}

function rowIdFromWire(text: string): Uint8Array {
  try {
    return parseUuid(text);
  } catch (error) {
    // Translates: only what an earlier answer said can be gone on from.
    throw fault("REQUEST_INVALID", { cause: error });
  }
}

function statementToWire(statement: Statement) {
  return {
    username: statement.username,
    fromSeconds: BigInt(statement.fromMs / 1000),
    toSeconds: BigInt(statement.toMs / 1000),
    openingNanos: statement.openingNanos,
    movements: statement.movements.map(({ kind, entries, amountNanos }) => ({
      kind,
      entries: BigInt(entries),
      amountNanos,
    })),
    charges: statement.charges.map(({ daySeconds, model, calls, costNanos }) => ({
      daySeconds: BigInt(daySeconds),
      model,
      calls: BigInt(calls),
      costNanos,
    })),
    carriedInNanos: statement.carriedInNanos,
    carriedOutNanos: statement.carriedOutNanos,
    chargedNanos: statement.chargedNanos,
    closingNanos: statement.closingNanos,
    running: statement.isRunning,
  };
}
