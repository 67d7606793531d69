import { type ClientCall, nonceOfAddress } from "./client-call.ts";
import type { Deposit, Payer } from "./payers.ts";
import type { UpstreamTry } from "./upstream.ts";

/** Everything that the verdict is found from: the books of those outside, and what the database says. */
export interface Evidence extends OutsideBooks, DatabaseBooks {}

/** Books that were kept outside of the system. */
export interface OutsideBooks {
  readonly payers: readonly Pick<Payer, "name" | "kind" | "userId" | "keyId">[];
  readonly calls: readonly ClientCall[];
  readonly tries: ReadonlyMap<string, readonly UpstreamTry[]>;
  readonly deposits: readonly Deposit[];
  /** Calls of solvent users that were refused later than two seconds after the last fault. */
  readonly refusedProbes: readonly ClientCall[];
  /** Violations that the system itself tells. */
  readonly toldViolations: readonly string[];
  /** Places in which a secret or a text of a customer was found. */
  readonly leaks: readonly string[];
}

/** A row of the usage log. */
export interface UsageRow {
  readonly requestId: string;
  readonly nonce: string;
  readonly userId: number;
  readonly keyId: number;
  readonly model: string;
  readonly upstreamId: string;
  readonly basis: number;
  readonly status: number;
  readonly input: number;
  readonly cacheRead: number;
  readonly output: number;
  /** Tokens in buckets that no call of this test has. */
  readonly other: number;
  readonly costNanos: bigint;
}

/** What the database says, read as it is and summed up here only where a sum is what is asked for. */
export interface DatabaseBooks {
  readonly rows: readonly UsageRow[];
  readonly wallets: readonly {
    readonly userId: number;
    readonly posted: bigint;
    readonly held: bigint;
  }[];
  readonly caps: readonly {
    readonly keyId: number;
    readonly isCapped: boolean;
    readonly cap: bigint;
    readonly used: bigint;
    readonly held: bigint;
  }[];
  /** Leases that are still active, or on which more was settled than granted. */
  readonly oddLeases: readonly string[];
  /** Ledger transactions that do not sum to zero. */
  readonly unbalanced: readonly string[];
  /** By remark: how many transactions of the ledger carry it. */
  readonly deposited: ReadonlyMap<string, { readonly count: number; readonly nanos: bigint }>;
  /** Roll-ups by table and user. */
  readonly rollUps: readonly {
    readonly table: string;
    readonly userId: number;
    readonly requests: number;
    readonly costNanos: bigint;
    readonly tokens: number;
  }[];
}

const selects = {
  rows: `select lower(hex(request_id)), client_ip, user_id, key_id, model, upstream_id, basis, status, input_tokens,
    cache_read_tokens, output_tokens, cost_nanos, cache_write_5m_tokens + cache_write_1h_tokens + reasoning_tokens
    + audio_input_tokens + audio_output_tokens + image_input_tokens + image_output_tokens from usage_log`,
  wallets: "select user_id, posted_nanos, held_nanos from wallets",
  caps: "select key_id, is_capped, cap_nanos, used_nanos, held_nanos from key_caps",
  leases: `select lower(hex(journal_id)), epoch, lease_no, user_id, key_id, granted_nanos, settled_nanos, returned_nanos,
    state from leases where settled_nanos > granted_nanos
    or (state = 1 and granted_nanos - settled_nanos - returned_nanos > 0)`,
  unbalanced: `select lower(hex(tx_id)), sum(amount_nanos) from ledger_entries group by tx_id
    having sum(amount_nanos) <> 0`,
  deposited: `select t.remark, count(distinct t.tx_id), sum(e.amount_nanos) from ledger_tx t
    join ledger_entries e on e.tx_id = t.tx_id and e.user_id = t.user_id
    where t.kind <> 'settlement' group by t.remark`,
  hours: `select 'usage_hour', user_id, sum(requests), sum(cost_nanos), sum(prompt_tokens + completion_tokens)
    from usage_hour group by user_id`,
  days: `select 'usage_day', user_id, sum(requests), sum(cost_nanos), sum(prompt_tokens + completion_tokens)
    from usage_day group by user_id`,
} as const;

type Name = keyof typeof selects;
const names = Object.keys(selects).filter(isName);

/**
 * Reads the books of the database in one transaction. `planted` statements run before it in the same transaction, which is
 * rolled back: what they spoil is seen by this reading only.
 */
export function readDatabase(sql: (statements: string) => string, planted: string): DatabaseBooks {
  const reading = names.map((name) => `select '#${name}'; ${selects[name]};`).join(" ");
  const tables = splitTables(sql(`start transaction; ${planted} ${reading} rollback;`));
  const of = (name: Name): readonly Columns[] => tables.get(name) ?? [];
  return {
    rows: of("rows").map(rowOf),
    wallets: of("wallets").map((columns) => ({
      userId: columns.number(0),
      posted: columns.bigint(1),
      held: columns.bigint(2),
    })),
    caps: of("caps").map((columns) => ({
      keyId: columns.number(0),
      isCapped: columns.number(1) === 1,
      cap: columns.bigint(2),
      used: columns.bigint(3),
      held: columns.bigint(4),
    })),
    oddLeases: of("leases").map(({ line }) => line),
    unbalanced: of("unbalanced").map(({ line }) => line),
    deposited: new Map(
      of("deposited").map((columns) => [
        columns.text(0),
        { count: columns.number(1), nanos: columns.bigint(2) },
      ]),
    ),
    rollUps: [...of("hours"), ...of("days")].map((columns) => ({
      table: columns.text(0),
      userId: columns.number(1),
      requests: columns.number(2),
      costNanos: columns.bigint(3),
      tokens: columns.number(4),
    })),
  };
}

function isName(text: string): text is Name {
  return Object.hasOwn(selects, text);
}

interface Columns {
  readonly line: string;
  text(index: number): string;
  number(index: number): number;
  bigint(index: number): bigint;
}

function splitTables(output: string): ReadonlyMap<string, readonly Columns[]> {
  const tables = new Map<string, Columns[]>();
  let current: Columns[] = [];
  for (const line of output.split("\n")) {
    if (line.startsWith("#")) {
      current = [];
      tables.set(line.slice(1), current);
    } else if (line !== "") {
      current.push(columnsOf(line));
    }
  }
  return tables;
}

function columnsOf(line: string): Columns {
  const values = line.split("\t");
  const text = (index: number): string => {
    const value = values[index];
    if (value === undefined) {
      throw new Error(`the database answered a line without column ${index}: ${line}`);
    }
    return value;
  };
  return {
    line: values.join(" "),
    text,
    number: (index) => Number(text(index)),
    bigint: (index) => BigInt(text(index)),
  };
}

function rowOf(columns: Columns): UsageRow {
  const id = columns.text(0);
  const parts = [id.slice(0, 8), id.slice(8, 12), id.slice(12, 16), id.slice(16, 20), id.slice(20)];
  return {
    requestId: parts.join("-"),
    nonce: nonceOfAddress(columns.text(1)),
    userId: columns.number(2),
    keyId: columns.number(3),
    model: columns.text(4),
    upstreamId: columns.text(5),
    basis: columns.number(6),
    status: columns.number(7),
    input: columns.number(8),
    cacheRead: columns.number(9),
    output: columns.number(10),
    costNanos: columns.bigint(11),
    other: columns.number(12),
  };
}
