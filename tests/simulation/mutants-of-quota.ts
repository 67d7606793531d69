/** Rules of quota, taken away one at a time. */
import { AsyncLocalStorage } from "node:async_hooks";
import { bigintColumn, integerColumn } from "@tollgate/kit/sql/column-value";
import type { SqlRow } from "@tollgate/kit/sql/database";
import type { Mutant, QuotaParts } from "./mutant.ts";
import { idText } from "./journal-mirror.ts";

/** The answer to a shipment is sent before its commit, and the mark that beats tell, which would show it, is not looked at. */
export function ackBeforeCommit(): Mutant {
  return {
    name: "ack-before-commit",
    changeQuota: ({ useCases, process }) => ({
      ...useCases,
      shipRecords: async (input) => {
        process.setTimeout(() => {
          // The relay has its answer already.
          useCases.shipRecords(input).catch(() => undefined);
        }, 3);
        return { hwm: input.nextSeq, costMismatches: 0 };
      },
      beat: async (input) => useCases.beat({ ...input, acknowledgedSeq: 0 }),
    }),
  };
}

/** Rows and mark are committed in one transaction, wallets in another one a moment later. */
export function splitTransaction(): Mutant {
  return {
    name: "split-transaction",
    changeTransaction:
      ({ process, database }) =>
      (transaction) => ({
        run: transaction.run,
        insert: async (bulk) => {
          if (!bulk.head.startsWith("insert into wallets")) {
            return transaction.insert(bulk);
          }
          process.setTimeout(() => {
            void database.database.transaction(async (later) => later.insert(bulk));
          }, 3);
        },
      }),
  };
}

/** Neither the high-water mark nor the request id keeps a record from being applied again. */
export function noDeduplication(): Mutant {
  const claimed = new Map<string, number>();
  const seen = new Set<string>();
  let copies = 0;
  const fresh = (id: Uint8Array): Uint8Array => {
    const text = idText(id);
    if (!seen.has(text)) {
      seen.add(text);
      return id;
    }
    copies += 1;
    const copy = Uint8Array.from(id);
    new DataView(copy.buffer).setUint16(10, copies);
    return copy;
  };
  return {
    name: "no-deduplication",
    changeQuota: ({ useCases, database }) => ({
      ...useCases,
      hello: async (input) => ({
        ...(await useCases.hello(input)),
        hwm: claimed.get(idText(input.journalId)) ?? 0,
      }),
      shipRecords: async (input) => {
        const journal = idText(input.journalId);
        const known = claimed.get(journal) ?? 0;
        if (input.fromSeq > known) {
          return { hwm: known, costMismatches: 0 };
        }
        const [row] = await database.database.query<SqlRow>(
          "select hwm from journals where journal_id = ?",
          [input.journalId],
        );
        const shift = integerColumn(row?.["hwm"]) - input.fromSeq;
        await useCases.shipRecords({
          ...input,
          fromSeq: input.fromSeq + shift,
          nextSeq: input.nextSeq + shift,
          records: input.records.map(({ seq, entry }) => ({
            seq: seq + shift,
            entry:
              entry.kind === "ended"
                ? { ...entry, call: { ...entry.call, requestId: fresh(entry.call.requestId) } }
                : entry,
          })),
        });
        claimed.set(journal, Math.max(known, input.nextSeq));
        return { hwm: input.nextSeq, costMismatches: 0 };
      },
    }),
  };
}

/** Usage beyond what its lease still holds is refused. */
export function settleWithinLease(): Mutant {
  return {
    name: "settle-within-lease",
    wish: { exceeds: 0.1 },
    changeQuota: ({ useCases, database }) => ({
      ...useCases,
      shipRecords: async (input) => {
        const rows = await database.database.query<SqlRow>(
          `select epoch, lease_no, granted_nanos - settled_nanos - returned_nanos as rest from leases
           where journal_id = ? and state = 1`,
          [input.journalId],
        );
        const rests = new Map(
          rows.map((row) => [
            `${integerColumn(row["epoch"])}/${integerColumn(row["lease_no"])}`,
            bigintColumn(row["rest"]),
          ]),
        );
        const records = input.records.filter(({ entry }) => {
          if (entry.kind !== "ended" || entry.call.leaseNo === 0) {
            return true;
          }
          const key = `${entry.call.epoch}/${entry.call.leaseNo}`;
          const rest = (rests.get(key) ?? 0n) - entry.call.costNanos;
          rests.set(key, rest);
          return rest >= 0n;
        });
        return useCases.shipRecords({ ...input, records });
      },
    }),
  };
}

/** A process of an earlier epoch still gets leases. */
export function noEpochFence(): Mutant {
  const asked = new AsyncLocalStorage<number>();
  return {
    name: "no-epoch-fence",
    wish: { network: { copied: 0.1, arrivesLate: 1 } },
    changeTransaction: () => (transaction) => ({
      ...transaction,
      run: async (sql, parameters) => {
        const result = await transaction.run(sql, parameters);
        const epoch = asked.getStore();
        return epoch === undefined || !sql.startsWith("select epoch, hwm from journals")
          ? result
          : { ...result, rows: result.rows.map(({ hwm }) => ({ epoch, hwm })) };
      },
    }),
    changeQuota: ({ useCases }) => ({
      ...useCases,
      acquireLease: async (input) =>
        asked.run(input.epoch, async () => useCases.acquireLease(input)),
    }),
  };
}

const expiryMs = 1500;

/** A lease that is old is given back, whatever its relay does with it. */
export function expiryReleases(): Mutant {
  return { name: "expiry-releases", everyNowAndThen: releaseOld };
}

async function releaseOld({ clock, database }: QuotaParts): Promise<void> {
  await database.database.transaction(async (transaction) => {
    const old = "state = 1 and created_at_ms < ?";
    const before = clock.nowMs() - expiryMs;
    const rest = "max(granted_nanos - settled_nanos - returned_nanos, 0)";
    for (const [table, key] of [
      ["wallets", "user_id"],
      ["key_caps", "key_id"],
    ]) {
      await transaction.run(
        `update ${table} set held_nanos = held_nanos - coalesce(
           (select sum(${rest}) from leases where leases.${key} = ${table}.${key} and ${old}), 0)`,
        [before],
      );
    }
    await transaction.run(`update leases set state = 2 where ${old}`, [before]);
  });
}
