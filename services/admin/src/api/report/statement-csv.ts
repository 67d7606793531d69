import { formatUsd, nanoUsd } from "@tollgate/kit/money/nano-usd";
import type { StatementWire } from "./statement-wire.ts";

const header = ["kind", "date_utc", "model", "count", "amount_nano_usd", "amount_usd"];
const usdDigits = 9;

/** The statement as CSV (RFC 4180): a line for the opening balance, one for each movement or charge, one for the closing balance. */
export function statementCsv(statement: StatementWire): string {
  const day = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);
  const lastDay = day(statement.to - 1);
  const rows = [
    header,
    ["opening", day(statement.from), "", "", ...amounts(statement.opening_nano)],
    ...statement.lines.map(({ kind, date, model, count, amount_nano: nanos }) => [
      kind,
      date,
      model,
      `${count}`,
      ...amounts(nanos),
    ]),
    ["closing", lastDay, "", "", ...amounts(statement.closing_nano)],
  ];
  return rows.map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

function amounts(nanos: string): readonly string[] {
  return [nanos, formatUsd(nanoUsd(BigInt(nanos)), usdDigits)];
}

/** Names come from customers: what a spreadsheet would take for a formula is made a text. */
function field(text: string): string {
  const isNumber = /^-?\d+(?:\.\d+)?$/u.test(text);
  const harmless = !isNumber && /^[=+\-@\t\r]/u.test(text) ? `'${text}` : text;
  return /[",\r\n]/u.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
