import { bytesColumn, integerColumn, textColumn } from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow } from "@tollgate/kit/sql/database";
import type { SqlDialect } from "@tollgate/kit/sql/sql-dialect";
import { z } from "zod";
import { ZERO } from "@tollgate/kit/money/nano-usd";
import type { EndedCall } from "#domain/journal-entry.ts";
import type { OpenCall } from "#domain/open-calls.ts";
import { bases } from "#domain/usage.ts";
import type { OpenCallStore } from "#usecases/leases/lease-ports.ts";
import type { RowValues } from "./insert-many.ts";

const count = z.int().nonnegative();

/** What a start says, without what has columns of its own. */
const factsSchema = z.object({
  leaseNo: count,
  userId: count,
  keyId: count,
  group: z.string(),
  model: z.string(),
  pricedModel: z.string(),
  channelId: count,
  channelType: count,
  priceVersion: count,
  startedAtMs: z.int(),
  isStream: z.boolean(),
  surface: z.string(),
  clientIp: z.string(),
});

const usageSchema = z.object({
  inputTokens: count,
  cacheReadTokens: count,
  cacheWrite5mTokens: count,
  cacheWrite1hTokens: count,
  outputTokens: count,
  reasoningTokens: count,
  audioInputTokens: count,
  audioOutputTokens: count,
  imageInputTokens: count,
  imageOutputTokens: count,
  calls: count,
  images: count,
  milliseconds: count,
  characters: count,
});

const idsPerStatement = 500;
// What its client saw before the relay was gone.
const statusLost = 200;

/** Open calls in a database. */
export function createOpenCallStore(database: Database): OpenCallStore {
  return {
    async write(journalId, { opened, closed }, tx) {
      if (opened.length > 0) {
        await tx.insert({
          head: "insert into open_calls (journal_id, request_id, epoch, seq, facts, delivered) values ",
          row: "(?, ?, ?, ?, ?, ?)",
          tail: replaceDelivered[database.dialect],
          rows: opened.map((open) => rowOf(journalId, open)),
        });
      }
      for (let start = 0; start < closed.length; start += idsPerStatement) {
        const ids = closed.slice(start, start + idsPerStatement);
        const marks = ids.map(() => "?").join(", ");
        await tx.run(`delete from open_calls where journal_id = ? and request_id in (${marks})`, [
          journalId,
          ...ids,
        ]);
      }
    },
    async readAll(journalId, tx) {
      const rows = await database.query<SqlRow>(
        "select request_id, epoch, seq, facts, delivered from open_calls where journal_id = ?",
        [journalId],
        tx,
      );
      return rows.map(openCallOf);
    },
    async removeAll(journalId, tx) {
      await tx.run("delete from open_calls where journal_id = ?", [journalId]);
    },
  };
}

const replaceDelivered = {
  mysql: " on duplicate key update seq = values(seq), delivered = values(delivered)",
  sqlite:
    " on conflict (journal_id, request_id) do update set seq = excluded.seq, delivered = excluded.delivered",
  postgresql:
    " on conflict (journal_id, request_id) do update set seq = excluded.seq, delivered = excluded.delivered",
} as const satisfies Readonly<Record<SqlDialect, string>>;

function rowOf(journalId: Uint8Array, { seq, call }: OpenCall): RowValues {
  // The schema picks what belongs to the start.
  const facts = JSON.stringify(factsSchema.parse(call));
  return [journalId, call.requestId, call.epoch, seq, facts, JSON.stringify(call.usage)];
}

function openCallOf(row: SqlRow): OpenCall {
  const call: EndedCall = {
    ...factsSchema.parse(JSON.parse(textColumn(row["facts"]))),
    requestId: bytesColumn(row["request_id"]),
    epoch: integerColumn(row["epoch"]),
    usage: usageSchema.parse(JSON.parse(textColumn(row["delivered"]))),
    basis: bases.nodeLost,
    // Not among the facts: the lease comes back whole, whatever was reserved of it.
    holdNanos: ZERO,
    costNanos: ZERO,
    attempts: [],
    upstreamId: "",
    status: statusLost,
    errorReason: "",
    errorMessage: "",
    ttftMs: 0,
    durationMs: 0,
    isSystemPromptReset: false,
    isEstimated: true,
  };
  return { seq: integerColumn(row["seq"]), call };
}
