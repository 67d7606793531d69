import { type Static, Type } from "typebox";
import type { GetStatementResponse } from "@tollgate/proto/quota/v1/report_service";
import { toSafeNumber } from "#http/wire-number.ts";

const signed = (what: string) => Type.String({ description: `${what}, nano-USD, signed.` });

const lineSchema = Type.Object({
  kind: Type.String({
    description:
      '"top-up", "redemption", "gift", "refund", "payment", …; "charge" for calls of a day and model; "carried-in" and "carried-out" for calls that were posted in another month than they started in.',
  }),
  date: Type.String({ description: "YYYY-MM-DD (UTC) of charges; else empty." }),
  model: Type.String({ description: "Of charges; empty = several." }),
  count: Type.Integer({ description: "Entries, or calls." }),
  amount_nano: signed("What the balance changed by"),
});

/** A month that adds up: closing - opening is the sum of the lines. */
export const statementSchema = Type.Object({
  user_id: Type.Integer(),
  username: Type.String(),
  month: Type.String({ description: "YYYY-MM." }),
  time_zone: Type.Literal("UTC"),
  from: Type.Integer({ description: "Seconds since 1970." }),
  to: Type.Integer({ description: "Exclusive, seconds since 1970." }),
  running: Type.Boolean({ description: "The month lasts: closing is the balance of now." }),
  opening_nano: signed("Balance at the start"),
  lines: Type.Array(lineSchema),
  charged_nano: Type.String({
    description: "What the ledger charged in the month: charges, carried-in and carried-out.",
  }),
  closing_nano: signed("Balance at the end"),
});

/** The statement in JSON. */
export type StatementWire = Static<typeof statementSchema>;

type Line = StatementWire["lines"][number];

/** The statement in JSON. */
export function statementToWire(
  told: GetStatementResponse,
  { userId, month }: { readonly userId: bigint; readonly month: string },
): StatementWire {
  return {
    user_id: toSafeNumber(userId),
    username: told.username,
    month,
    time_zone: "UTC",
    from: toSafeNumber(told.fromSeconds),
    to: toSafeNumber(told.toSeconds),
    running: told.running,
    opening_nano: told.openingNanos.toString(),
    lines: linesOf(told),
    charged_nano: told.chargedNanos.toString(),
    closing_nano: told.closingNanos.toString(),
  };
}

function linesOf(told: GetStatementResponse): Line[] {
  const movements = told.movements.map(({ kind, entries, amountNanos }) =>
    lineOf(kind, amountNanos, { count: toSafeNumber(entries) }),
  );
  const charges = told.charges.map(({ daySeconds, model, calls, costNanos }) =>
    lineOf("charge", -costNanos, {
      date: new Date(Number(daySeconds) * 1000).toISOString().slice(0, 10),
      model,
      count: toSafeNumber(calls),
    }),
  );
  return [
    ...movements,
    ...charges,
    lineOf("carried-in", -told.carriedInNanos),
    lineOf("carried-out", told.carriedOutNanos),
  ];
}

function lineOf(kind: string, amountNanos: bigint, fields: Partial<Line> = {}): Line {
  return { kind, date: "", model: "", count: 0, amount_nano: amountNanos.toString(), ...fields };
}
