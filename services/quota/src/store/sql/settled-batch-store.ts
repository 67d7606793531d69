import { bytesColumn } from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow } from "@tollgate/kit/sql/database";
import { limitOffset } from "@tollgate/kit/sql/sql-dialect";
import { firstIdAt } from "#domain/log-entry.ts";
import type { SettledBatchStore } from "#usecases/settlement/settled-batch-ports.ts";
import { insertMany } from "./insert-many.ts";

const insertBatches = insertMany({
  table: "settled_batches",
  columns: [
    "batch_id",
    "journal_id",
    "from_seq",
    "next_seq",
    "calls",
    "calls_mark",
    "first_request_id",
    "last_request_id",
  ],
});

/** Notes of settlements, in a database. */
export function createSettledBatchStore(database: Database): SettledBatchStore {
  return {
    note: async ({ batchId, journalId, fromSeq, nextSeq, calls }, tx) => {
      const { count, mark, first, last } = calls;
      await insertBatches(tx, [[batchId, journalId, fromSeq, nextSeq, count, mark, first, last]]);
    },
    removeBefore: async (beforeMs, max) => {
      const end = firstIdAt(beforeMs);
      const [row] = await database.query<SqlRow>(
        `select batch_id from settled_batches where batch_id < ? order by batch_id${limitOffset(1, max)}`,
        [end],
      );
      await database.execute("delete from settled_batches where batch_id < ?", [
        row === undefined ? end : bytesColumn(row["batch_id"]),
      ]);
    },
  };
}
