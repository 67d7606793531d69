import { bigintColumn, integerColumn, textColumn } from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow } from "@tollgate/kit/sql/database";
import { firstIdAt } from "#domain/log-entry.ts";
import type { DayCharge, Movements } from "#domain/statement.ts";
import type { StatementReader } from "#usecases/reports/read-statement.ts";

/** Entries of one user in a range of the index (user, transaction). */
const entriesOf = (source: string, range: string): string =>
  `select '${source}' as source, 0 as at_seconds, t.kind as name, sum(e.amount_nanos) as amount,
     count(*) as counted
   from ledger_entries e join ledger_tx t on t.tx_id = e.tx_id
   where e.user_id = ? and ${range} group by t.kind`;

/** One statement is one view of the database, whatever is being settled at the same time. */
const factsSql = `select 'wallet' as source, 0 as at_seconds, coalesce(u.username, '') as name,
    w.posted_nanos as amount, 0 as counted
  from wallets w left join users u on u.id = w.user_id where w.user_id = ?
  union all ${entriesOf("entry", "e.tx_id >= ? and e.tx_id < ?")}
  union all ${entriesOf("later-entry", "e.tx_id >= ?")}
  union all select 'day', d.at_seconds, d.model, sum(d.cost_nanos), sum(d.requests)
    from usage_day d where d.user_id = ? and d.at_seconds >= ? and d.at_seconds < ?
    group by d.at_seconds, d.model
  union all select 'later-day', 0, '', coalesce(sum(l.cost_nanos), 0), 0
    from usage_day l where l.user_id = ? and l.at_seconds >= ?`;

/** Months in a database. */
export function createStatementReader(database: Database): StatementReader {
  return {
    async read(userId, { fromMs, toMs }) {
      const rows = await database.query<SqlRow>(factsSql, [
        userId,
        // Entries of the month, then those since.
        userId,
        firstIdAt(fromMs),
        firstIdAt(toMs),
        userId,
        firstIdAt(toMs),
        // Days of the month, then those since.
        userId,
        fromMs / 1000,
        toMs / 1000,
        userId,
        toMs / 1000,
      ]);
      const of = (source: string): readonly SqlRow[] =>
        rows.filter((row) => row["source"] === source);
      const [wallet] = of("wallet");
      const [later] = of("later-day");
      return wallet === undefined
        ? undefined
        : {
            username: textColumn(wallet["name"]),
            postedNanos: bigintColumn(wallet["amount"]),
            inMonth: of("entry").map(movementsOf).toSorted(byKind),
            sinceMonth: of("later-entry").map(movementsOf),
            days: of("day").map(dayChargeOf).toSorted(byDayAndModel),
            laterCostNanos: bigintColumn(later?.["amount"] ?? 0),
          };
    },
  };
}

function movementsOf(row: SqlRow): Movements {
  return {
    kind: textColumn(row["name"]),
    entries: integerColumn(row["counted"]),
    amountNanos: bigintColumn(row["amount"]),
  };
}

function dayChargeOf(row: SqlRow): DayCharge {
  return {
    daySeconds: integerColumn(row["at_seconds"]),
    model: textColumn(row["name"]),
    calls: integerColumn(row["counted"]),
    costNanos: bigintColumn(row["amount"]),
  };
}

function byKind(left: Movements, right: Movements): number {
  return left.kind < right.kind ? -1 : 1;
}

function byDayAndModel(left: DayCharge, right: DayCharge): number {
  return left.daySeconds - right.daySeconds || (left.model < right.model ? -1 : 1);
}
