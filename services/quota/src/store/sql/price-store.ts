import { integerColumn, textColumn } from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow } from "@tollgate/kit/sql/database";
import { forUpdate } from "@tollgate/kit/sql/sql-dialect";
import { z } from "zod";
import type { PriceStore, PriceVersion } from "#usecases/money-ports.ts";

const ratioTexts = z.record(z.string(), z.string());

/** `rules` names the code that turns ratios into prices (domain/completion-rules.ts, domain/cache-multiples.ts). */
const payloadSchema = z.object({
  rules: z.literal(1),
  modelRatio: ratioTexts,
  completionRatio: ratioTexts,
  groupRatio: ratioTexts,
  policy: z.enum(["default-ratio", "refuse", "free"]),
});

/** Price books in a database. */
export function createPriceStore(database: Database): PriceStore {
  const currentSql =
    "select version, effective_at_ms, payload from price_versions order by version desc limit 1";
  const lockSql = `${currentSql}${forUpdate(database.dialect)}`;
  return {
    async findCurrent(tx) {
      const sql = tx === undefined ? currentSql : lockSql;
      const [row] = await database.query<SqlRow>(sql, [], tx);
      return row === undefined ? undefined : fromRow(row);
    },
    async find(version) {
      const [row] = await database.query<SqlRow>(
        "select version, effective_at_ms, payload from price_versions where version = ?",
        [version],
      );
      return row === undefined ? undefined : fromRow(row);
    },
    async insert({ version, effectiveAtMs, texts }, tx) {
      await tx.run(
        "insert into price_versions (version, effective_at_ms, payload) values (?, ?, ?)",
        [version, effectiveAtMs, JSON.stringify({ rules: 1, ...texts })],
      );
    },
  };
}

function fromRow(row: SqlRow): PriceVersion {
  const { rules: _rules, ...texts } = payloadSchema.parse(JSON.parse(textColumn(row["payload"])));
  return {
    version: integerColumn(row["version"]),
    effectiveAtMs: integerColumn(row["effective_at_ms"]),
    texts,
  };
}
