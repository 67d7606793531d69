import { booleanColumn, integerColumn, moneyColumnValue } from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow } from "@tollgate/kit/sql/database";
import { forUpdate } from "@tollgate/kit/sql/sql-dialect";
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import { nanoUsd } from "@tollgate/kit/money/nano-usd";
import { fault } from "#domain/faults.ts";
import type { KeyCap } from "#domain/wallet.ts";
import type { KeyCapStore } from "#usecases/money-ports.ts";

const columns =
  "key_id, user_id, is_capped, cap_nanos, used_nanos, held_nanos, accessed_at, is_closed";

const keysPerStatement = 500;

/** Caps in a database. */
export function createKeyCapStore(database: Database): KeyCapStore {
  const lockSql = `select ${columns} from key_caps where key_id = ?${forUpdate(database.dialect)}`;
  const lock: KeyCapStore["lock"] = async (keyId, tx) => {
    const [row] = await database.query<SqlRow>(lockSql, [keyId], tx);
    return row === undefined ? undefined : fromRow(row);
  };
  return {
    lock,
    async create({ keyId, userId, isUnlimited, remainingNanos }, tx) {
      await tx.run(
        "insert into key_caps (key_id, user_id, is_capped, cap_nanos, is_closed) values (?, ?, ?, ?, ?)",
        [keyId, userId, !isUnlimited, remainingNanos, false],
      );
    },
    async update({ keyId, isUnlimited, remainingNanos }, tx) {
      const cap = await lock(keyId, tx);
      if (cap === undefined) {
        throw fault("KEY_NOT_FOUND");
      }
      const isCapped = isUnlimited === undefined ? cap.isCapped : !isUnlimited;
      const capNanos =
        remainingNanos === undefined ? cap.capNanos : capFor(cap.usedNanos, remainingNanos);
      await tx.run("update key_caps set is_capped = ?, cap_nanos = ? where key_id = ?", [
        isCapped,
        capNanos,
        keyId,
      ]);
    },
    async close(keyId, tx) {
      await tx.run("update key_caps set is_closed = ? where key_id = ?", [true, keyId]);
    },
    async addHeld(keyId, amountNanos, tx) {
      await tx.run("update key_caps set held_nanos = held_nanos + ? where key_id = ?", [
        amountNanos,
        keyId,
      ]);
    },
    async readMany(keyIds, tx) {
      const caps = new Map<number, KeyCap>();
      for (let start = 0; start < keyIds.length; start += keysPerStatement) {
        const ids = keyIds.slice(start, start + keysPerStatement);
        const marks = ids.map(() => "?").join(", ");
        const sql = `select ${columns} from key_caps where key_id in (${marks})`;
        for (const row of await database.query<SqlRow>(sql, ids, tx)) {
          const cap = fromRow(row);
          caps.set(cap.keyId, cap);
        }
      }
      return caps;
    },
  };
}

/** What the cap must be for this much to be left. Throws KEY_CAP_INVALID beyond 64 bits. */
function capFor(usedNanos: NanoUsd, remainingNanos: NanoUsd): NanoUsd {
  try {
    return nanoUsd(usedNanos + remainingNanos);
  } catch (error) {
    // Translates: the sum does not fit, so less must be asked for.
    throw fault("KEY_CAP_INVALID", { cause: error });
  }
}

function fromRow(row: SqlRow): KeyCap {
  return {
    keyId: integerColumn(row["key_id"]),
    userId: integerColumn(row["user_id"]),
    isCapped: booleanColumn(row["is_capped"]),
    capNanos: moneyColumnValue(row["cap_nanos"]),
    usedNanos: moneyColumnValue(row["used_nanos"]),
    heldNanos: moneyColumnValue(row["held_nanos"]),
    accessedAt: integerColumn(row["accessed_at"]),
    isClosed: booleanColumn(row["is_closed"]),
  };
}
