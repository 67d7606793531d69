import { bytesColumn, integerColumn } from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow } from "@tollgate/kit/sql/database";
import { limitOffset } from "@tollgate/kit/sql/sql-dialect";
import { uuidV7Time } from "@tollgate/kit/ids/uuid-v7";
import { firstIdAt } from "#domain/log-entry.ts";
import type { SettledBatch } from "#domain/settled-batch.ts";
import { callSetOf } from "#domain/settled-batch.ts";
import type { ReplaySums, TimeWindow } from "#usecases/reconcile/reconcile-ports.ts";
import { readDroppedMs } from "./log-keeping-store.ts";

// The calls of nearly every settlement began within an hour; finding others would mean to read the log of days.
const spanMsMax = 3_600_000;

const inWindow = "batch_id >= ? and batch_id < ?";
const rangeOf = ({ fromMs, toMs }: TimeWindow): readonly Uint8Array[] => [
  firstIdAt(fromMs),
  firstIdAt(toMs),
];

/** Notes of settlements and what they must fit, in a database. */
export function createReplaySums(database: Database): ReplaySums {
  return {
    async countBatches(window) {
      const [row] = await database.query<SqlRow>(
        `select count(*) as batches from settled_batches where ${inWindow}`,
        rangeOf(window),
      );
      return integerColumn(row?.["batches"]);
    },
    async findBatch(window) {
      const [row] = await database.query<SqlRow>(
        `select batch_id, journal_id, from_seq, next_seq, calls, calls_mark, first_request_id, last_request_id
         from settled_batches where ${inWindow} order by batch_id${limitOffset(1)}`,
        rangeOf(window),
      );
      return row === undefined ? undefined : batchOf(row);
    },
    async readMark({ batchId, journalId, fromSeq, nextSeq }) {
      const [journal] = await database.query<SqlRow>(
        "select hwm from journals where journal_id = ?",
        [journalId],
      );
      // The stretches of a journal follow each other, so only the one before can reach into this one, or one within it begin there.
      const [before] = await database.query<SqlRow>(
        `select next_seq from settled_batches where journal_id = ? and from_seq < ?
         order by from_seq desc${limitOffset(1)}`,
        [journalId, fromSeq],
      );
      const [within] = await database.query<SqlRow>(
        `select batch_id from settled_batches
         where journal_id = ? and from_seq >= ? and from_seq < ? and next_seq > from_seq and batch_id <> ?${limitOffset(1)}`,
        [journalId, fromSeq, nextSeq, batchId],
      );
      return {
        hwm: integerColumn(journal?.["hwm"] ?? 0),
        isAppliedTwice:
          within !== undefined ||
          (before !== undefined && integerColumn(before["next_seq"]) > fromSeq),
      };
    },
    async readCalls({ batchId, calls }) {
      if (uuidV7Time(calls.last) - uuidV7Time(calls.first) > spanMsMax) {
        return undefined;
      }
      const rows = await database.query<SqlRow>(
        "select request_id from usage_log where request_id >= ? and request_id <= ? and batch_id = ?",
        [calls.first, calls.last, batchId],
      );
      return callSetOf(rows.map((row) => bytesColumn(row["request_id"])));
    },
    readFloor: async () => readDroppedMs(database),
  };
}

function batchOf(row: SqlRow): SettledBatch {
  return {
    batchId: bytesColumn(row["batch_id"]),
    journalId: bytesColumn(row["journal_id"]),
    fromSeq: integerColumn(row["from_seq"]),
    nextSeq: integerColumn(row["next_seq"]),
    calls: {
      count: integerColumn(row["calls"]),
      mark: bytesColumn(row["calls_mark"]),
      first: bytesColumn(row["first_request_id"]),
      last: bytesColumn(row["last_request_id"]),
    },
  };
}
