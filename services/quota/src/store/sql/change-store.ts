import { nanoUsd } from "@tollgate/kit/money/nano-usd";
import { integerColumn, textColumn } from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow } from "@tollgate/kit/sql/database";
import { limitOffset } from "@tollgate/kit/sql/sql-dialect";
import { z } from "zod";
import type { Change } from "#usecases/changes.ts";
import type { ChangeStore } from "#usecases/money-ports.ts";

const ids = z.array(z.int()).optional();

const recalls = z
  .array(
    z.object({
      journal: z.string(),
      epoch: z.int(),
      leaseNo: z.int(),
      keepNanos: z.string().transform((text) => nanoUsd(BigInt(text))),
    }),
  )
  .optional();

const changeSchema = z.object({
  keyIds: ids,
  userIds: ids,
  priceVersion: z.int().optional(),
  isCostChange: z.boolean().optional(),
  isOptionChange: z.boolean().optional(),
  recalls,
  filledUserIds: ids,
});

/** Changes in a database. */
export function createChangeStore(database: Database): ChangeStore {
  return {
    async insert(change, nowMs, tx) {
      await database.execute(
        "insert into changes (created_at_ms, payload) values (?, ?)",
        [nowMs, JSON.stringify(change, bigintsAsTexts)],
        tx,
      );
    },
    async findLastId() {
      const [row] = await database.query<SqlRow>(
        "select coalesce(max(id), 0) as last_id from changes",
      );
      return integerColumn(row?.["last_id"]);
    },
    async readAfter(id, max) {
      const rows = await database.query<SqlRow>(
        `select id, payload from changes where id > ? order by id${limitOffset(max)}`,
        [id],
      );
      return rows.map((row) => ({
        id: integerColumn(row["id"]),
        change: changeOf(textColumn(row["payload"])),
      }));
    },
    async removeBefore(beforeMs) {
      await database.execute("delete from changes where created_at_ms < ?", [beforeMs]);
    },
  };
}

function changeOf(payload: string): Change {
  const { keyIds, userIds, priceVersion, isOptionChange, ...others } = changeSchema.parse(
    JSON.parse(payload),
  );
  return {
    ...(keyIds !== undefined && { keyIds }),
    ...(userIds !== undefined && { userIds }),
    ...(priceVersion !== undefined && { priceVersion }),
    ...(isOptionChange !== undefined && { isOptionChange }),
    ...(others.isCostChange !== undefined && { isCostChange: others.isCostChange }),
    ...(others.recalls !== undefined && { recalls: others.recalls }),
    ...(others.filledUserIds !== undefined && { filledUserIds: others.filledUserIds }),
  };
}

function bigintsAsTexts(_name: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
