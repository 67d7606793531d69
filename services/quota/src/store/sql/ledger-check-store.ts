/**
 * The sums that must hold, as statements that find where they do not. Each is one statement, hence one consistent view of the
 * database, whatever is being settled at the same time.
 */
import { bigintColumn, integerColumn, textColumn } from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow, SqlValue } from "@tollgate/kit/sql/database";
import type { SqlDialect } from "@tollgate/kit/sql/sql-dialect";
import { limitOffset } from "@tollgate/kit/sql/sql-dialect";
import type { LedgerCheckStore } from "#usecases/money-ports.ts";
import { firstIdAt } from "#domain/log-entry.ts";
import { readDroppedMs } from "./log-keeping-store.ts";
import { leaseStates } from "./lease-store.ts";
import type { SqlCondition } from "./sql-condition.ts";

interface SumCheck {
  /** A sentence; `{subject}` and `{difference}` are filled in. */
  readonly sentence: string;
  /**
   * Answers rows of `subject` and `difference`, only where the difference is not 0. `{user:column}` limits to the user;
   * `{first}` is the first id that the log still has, `{firstSecond}` the second of it.
   */
  readonly sql: string;
}

const violationsMax = 20;
const attemptsMax = 3;

const remainder = `case when l.granted_nanos - l.settled_nanos - l.returned_nanos > 0
  then l.granted_nanos - l.settled_nanos - l.returned_nanos else 0 end`;

const activeLeases = `select l.user_id, l.key_id, sum(${remainder}) as held
  from leases l where l.state = ${leaseStates.active} {user:l.user_id}`;

/** Compares a column of `wallets` with a sum per user. The sum is limited to the user as well: engines do not look into it. */
function walletCheck(sentence: string, column: string, sums: string): SumCheck {
  return {
    sentence,
    sql: `select w.user_id as subject, w.${column} - coalesce(s.total, 0) as difference
      from wallets w left join (${sums}) s on s.user_id = w.user_id
      where w.${column} <> coalesce(s.total, 0) {user:w.user_id}`,
  };
}

/** Compares a column of `key_caps` with a sum per key. */
function capCheck(sentence: string, column: string, sums: string): SumCheck {
  return {
    sentence,
    sql: `select k.key_id as subject, k.${column} - coalesce(s.total, 0) as difference
      from key_caps k left join (${sums}) s on s.key_id = k.key_id
      where k.${column} <> coalesce(s.total, 0) {user:k.user_id}`,
  };
}

/** Compares a roll-up with the rows, per user and over all fields that are summed. */
function rollUpCheck(table: string): SumCheck {
  return {
    sentence: `${table} of user {subject} differs from the usage log by {difference} (all sums added)`,
    sql: `select subject, sum(total) as difference, sum(requests) as calls, sum(cost) as cost from (
        select user_id as subject, requests, cost_nanos as cost,
          requests + errors + cost_nanos + upstream_cost_nanos + prompt_tokens + completion_tokens + cached_tokens as total
        from ${table} where at_seconds >= {firstSecond} {user:user_id}
        union all
        select user_id, -1, -cost_nanos,
          -1 - case when error_reason <> '' then 1 else 0 end
            - cost_nanos - upstream_cost_nanos - prompt_tokens - completion_tokens - cache_read_tokens
        from usage_log where request_id >= {first} {user:user_id}
      ) parts group by subject
      having sum(total) <> 0 or sum(requests) <> 0 or sum(cost) <> 0`,
  };
}

const sumChecks: readonly SumCheck[] = [
  {
    sentence: "ledger transaction {subject} does not sum to zero but to {difference}",
    sql: `select {hex:tx_id} as subject, sum(amount_nanos) as difference from ledger_entries
      where tx_id in (select tx_id from ledger_tx where 1 = 1 {user:user_id})
      group by tx_id having sum(amount_nanos) <> 0`,
  },
  walletCheck(
    "the balance of user {subject} differs from the ledger by {difference}",
    "posted_nanos",
    "select user_id, sum(amount_nanos) as total from ledger_entries where user_id <> 0 {user:user_id} group by user_id",
  ),
  walletCheck(
    "what is held of user {subject} differs from the active leases by {difference}",
    "held_nanos",
    `select user_id, sum(held) as total from (${activeLeases} group by l.user_id, l.key_id) a
      group by user_id`,
  ),
  walletCheck(
    "what user {subject} has used differs from the sums by day by {difference}",
    "used_nanos",
    `select user_id, sum(cost_nanos) as total from usage_day where 1 = 1 {user:user_id}
      group by user_id`,
  ),
  walletCheck(
    "the request count of user {subject} differs from the sums by day by {difference}",
    "request_count",
    `select user_id, sum(requests) as total from usage_day where 1 = 1 {user:user_id}
      group by user_id`,
  ),
  capCheck(
    "what key {subject} has used differs from the sums by day by {difference}",
    "used_nanos",
    `select key_id, sum(cost_nanos) as total from usage_day where 1 = 1 {user:user_id}
      group by key_id`,
  ),
  capCheck(
    "what is held on key {subject} differs from the active leases by {difference}",
    "held_nanos",
    `${activeLeases.replace("as held", "as total")} and l.key_id <> 0 group by l.user_id, l.key_id`,
  ),
  {
    sentence:
      "settlements of user {subject} differ from their calls by {difference} (absolute sum)",
    sql: `select subject, sum(case when total < 0 then -total else total end) as difference from (
        select user_id as subject, batch_id, sum(amount) as total from (
          select t.user_id, t.batch_id, -e.amount_nanos as amount from ledger_tx t
            join ledger_entries e on e.tx_id = t.tx_id and e.user_id = t.user_id
            where t.kind = 'settlement' and t.batch_id >= {first} {user:t.user_id}
          union all
          select user_id, batch_id, -cost_nanos from usage_log
            where cost_nanos <> 0 and request_id >= {first} and batch_id >= {first} {user:user_id}
          union all
          select user_id, batch_id, -cost_nanos from retired_usage
            where batch_id >= {first} {user:user_id}
        ) parts group by user_id, batch_id having sum(amount) <> 0
      ) batches group by subject`,
  },
  rollUpCheck("usage_hour"),
  rollUpCheck("usage_day"),
];

/** The check in a database. */
export function createLedgerCheckStore(database: Database): LedgerCheckStore {
  return {
    async check(userId) {
      for (let attempt = 1; ; attempt += 1) {
        const droppedMs = await readDroppedMs(database);
        const violations = await findViolations(database, userId, droppedMs);
        // Rows that leave the log in between would look like a difference.
        if (attempt === attemptsMax || droppedMs === (await readDroppedMs(database))) {
          return { violations, ...(await readTotals(database, userId)) };
        }
      }
    },
  };
}

async function findViolations(
  database: Database,
  userId: number,
  droppedMs: number,
): Promise<readonly string[]> {
  const violations: string[] = [];
  for (const { sentence, sql } of sumChecks) {
    const filled = fill(sql, { dialect: database.dialect, userId, droppedMs });
    const statement = `${filled.sql}${limitOffset(violationsMax)}`;
    for (const row of await database.query<SqlRow>(statement, filled.parameters)) {
      violations.push(describe(sentence, row));
    }
  }
  return violations;
}

const hexMark = /\{hex:([\w.]+)\}/gu;

const hexOf = {
  sqlite: "lower(hex($1))",
  mysql: "lower(hex($1))",
  postgresql: "encode($1, 'hex')",
} as const satisfies Readonly<Record<SqlDialect, string>>;

const valueMark = /\{(?:user:(?<column>[\w.]+)|(?<bound>first|firstSecond))\}/gu;

function fill(
  sql: string,
  values: { readonly dialect: SqlDialect; readonly userId: number; readonly droppedMs: number },
): SqlCondition {
  const { dialect, userId, droppedMs } = values;
  const bounds = { first: firstIdAt(droppedMs), firstSecond: droppedMs / 1000 } as const;
  const parameters: SqlValue[] = [];
  const text = sql
    .replaceAll(hexMark, hexOf[dialect])
    .replaceAll(valueMark, (_mark, column: string | undefined, bound: keyof typeof bounds) => {
      if (column === undefined) {
        parameters.push(bounds[bound]);
        return "?";
      }
      if (userId === 0) {
        return "";
      }
      parameters.push(userId);
      return `and ${column} = ?`;
    });
  return { sql: text, parameters };
}

function describe(sentence: string, row: SqlRow): string {
  const subject = row["subject"];
  return sentence
    .replace(
      "{subject}",
      typeof subject === "string" ? textColumn(subject) : `${bigintColumn(subject)}`,
    )
    .replace("{difference}", `${bigintColumn(row["difference"])}`);
}

async function readTotals(
  database: Database,
  userId: number,
): Promise<{ usageCostNanos: bigint; usageRows: number; heldNanos: bigint }> {
  const condition = userId === 0 ? "" : " where user_id = ?";
  const parameters = userId === 0 ? [] : [userId];
  const [usage] = await database.query<SqlRow>(
    `select coalesce(sum(cost_nanos), 0) as cost, coalesce(sum(requests), 0) as calls
     from usage_day${condition}`,
    parameters,
  );
  const [wallets] = await database.query<SqlRow>(
    `select coalesce(sum(held_nanos), 0) as held from wallets${condition}`,
    parameters,
  );
  return {
    usageCostNanos: bigintColumn(usage?.["cost"]),
    usageRows: integerColumn(usage?.["calls"]),
    heldNanos: bigintColumn(wallets?.["held"]),
  };
}
