import { integerColumn, textColumn } from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow } from "@tollgate/kit/sql/database";
import { forUpdate, limitOffset } from "@tollgate/kit/sql/sql-dialect";
import { z } from "zod";
import { priceWords } from "#domain/price-text.ts";
import type { PriceTable, PriceTexts, PriceWord } from "#domain/price-text.ts";
import type { PriceStore, PriceVersion } from "#usecases/money-ports.ts";

const texts = z.record(z.string(), z.string());

const ratioFields = {
  modelRatio: texts,
  completionRatio: texts,
  groupRatio: texts,
  policy: z.enum(["default-ratio", "refuse", "free"]),
};

const priceTexts = z
  .object({ tiers: z.array(texts).optional() })
  .catchall(z.string())
  .transform(({ tiers, ...parts }): PriceTexts => ({
    ...partsOf(parts),
    ...(tiers !== undefined && { tiers: tiers.map(tierOf) }),
  }));

/**
 * `rules` names the code that turns texts into prices (domain/price-book.ts, completion-rules.ts, cache-multiples.ts). Books of rules 1
 * know ratios only, which the code of rules 2 reads alike.
 */
const payloadSchema = z.discriminatedUnion("rules", [
  z.object({ rules: z.literal(1), ...ratioFields }),
  z.object({
    rules: z.literal(2),
    ...ratioFields,
    userRatio: texts,
    prices: z.record(z.string(), priceTexts),
    list: z.record(z.string(), priceTexts),
    scheduled: texts,
  }),
]);

/** Price books in a database. */
export function createPriceStore(database: Database): PriceStore {
  const lockSql = `select version from price_versions order by version desc limit 1${forUpdate(database.dialect)}`;
  return {
    async lockLast(tx) {
      const [row] = await database.query<SqlRow>(lockSql, [], tx);
      return row === undefined ? 0 : integerColumn(row["version"]);
    },
    async find(version, tx) {
      const [row] = await database.query<SqlRow>(
        "select version, effective_at_ms, payload from price_versions where version = ?",
        [version],
        tx,
      );
      return row === undefined ? undefined : fromRow(row);
    },
    async listTimes(limit, tx) {
      const rows = await database.query<SqlRow>(
        `select version, effective_at_ms from price_versions
          order by effective_at_ms desc, version desc${limitOffset(limit)}`,
        [],
        tx,
      );
      return rows.map((row) => ({
        version: integerColumn(row["version"]),
        effectiveAtMs: integerColumn(row["effective_at_ms"]),
      }));
    },
    async insert({ version, effectiveAtMs, texts: stored, scheduled }, tx) {
      await tx.run(
        "insert into price_versions (version, effective_at_ms, payload) values (?, ?, ?)",
        [version, effectiveAtMs, JSON.stringify({ rules: 2, ...stored, scheduled })],
      );
    },
  };
}

const nothing: PriceTable = Object.freeze({});

function fromRow(row: SqlRow): PriceVersion {
  const payload = payloadSchema.parse(JSON.parse(textColumn(row["payload"])));
  const { modelRatio, completionRatio, groupRatio, policy } = payload;
  const isPlain = payload.rules === 1;
  return {
    version: integerColumn(row["version"]),
    effectiveAtMs: integerColumn(row["effective_at_ms"]),
    texts: {
      modelRatio,
      completionRatio,
      groupRatio,
      policy,
      userRatio: isPlain ? {} : payload.userRatio,
      prices: isPlain ? nothing : payload.prices,
      list: isPlain ? nothing : payload.list,
    },
    scheduled: isPlain ? {} : payload.scheduled,
  };
}

function tierOf({ above = "0", ...parts }: Readonly<Record<string, string>>) {
  return { above, ...partsOf(parts) };
}

/** Parts that this code does not know belong to a newer one, which has published a book of other rules. */
function partsOf(parts: Readonly<Record<string, string>>): Partial<Record<PriceWord, string>> {
  return Object.fromEntries(
    Object.entries(parts).filter(([word]) => Object.hasOwn(priceWords, word)),
  );
}
