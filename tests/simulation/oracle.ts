/** The invariants, by books that the system does not keep. */
import { bigintColumn, integerColumn, textColumn } from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow } from "@tollgate/kit/sql/database";
import type { CallBook, BookedCall } from "./call-book.ts";
import { priceOf } from "./call-book.ts";
import type { MirroredRecord } from "./journal-mirror.ts";
import type { SimulatedRelay } from "./simulated-relay.ts";

/** What does not hold, a sentence that begins with the invariant's name. */
export type Violation = string;

export interface OraclePorts {
  readonly database: Database;
  readonly book: CallBook;
  readonly relays: readonly SimulatedRelay[];
  readonly journalIds: readonly string[];
  /** How far journals were applied before a failover, by id; empty = there was none. */
  readonly lostMarks: ReadonlyMap<string, number>;
}

interface LeaseRow {
  readonly journal: string;
  readonly epoch: number;
  readonly leaseNo: number;
  readonly userId: number;
  readonly isActive: boolean;
  readonly grantedNanos: bigint;
  readonly settledNanos: bigint;
  readonly returnedNanos: bigint;
}

interface DatabaseView {
  readonly leases: ReadonlyMap<string, LeaseRow>;
  readonly wallets: readonly {
    readonly userId: number;
    readonly posted: bigint;
    readonly held: bigint;
  }[];
  readonly marks: ReadonlyMap<string, number>;
}

/** What must hold at every moment. Reads the database once, in one transaction. */
export async function checkNow(ports: OraclePorts): Promise<readonly Violation[]> {
  const view = await readView(ports.database);
  return [
    ...checkHeld(view),
    ...checkBalances(view, ports),
    ...(ports.lostMarks.size > 0 ? [] : checkGrants(view, ports)),
    ...ports.relays.flatMap((relay) => checkEscrow(view, relay, ports)),
  ];
}

async function readView(database: Database): Promise<DatabaseView> {
  return database.transaction(async (tx) => {
    const leases = await tx.run(
      `select lower(hex(journal_id)) as journal, epoch, lease_no, user_id, state, granted_nanos, settled_nanos,
         returned_nanos from leases`,
      [],
    );
    const wallets = await tx.run("select user_id, posted_nanos, held_nanos from wallets", []);
    const journals = await tx.run(
      "select lower(hex(journal_id)) as journal, hwm from journals",
      [],
    );
    return {
      leases: new Map(leases.rows.map(leaseOf).map((lease) => [keyOf(lease), lease])),
      wallets: wallets.rows.map((row) => ({
        userId: integerColumn(row["user_id"]),
        posted: bigintColumn(row["posted_nanos"]),
        held: bigintColumn(row["held_nanos"]),
      })),
      marks: new Map(
        journals.rows.map((row) => [textColumn(row["journal"]), integerColumn(row["hwm"])]),
      ),
    };
  });
}

function leaseOf(row: SqlRow): LeaseRow {
  return {
    journal: textColumn(row["journal"]),
    epoch: integerColumn(row["epoch"]),
    leaseNo: integerColumn(row["lease_no"]),
    userId: integerColumn(row["user_id"]),
    isActive: integerColumn(row["state"]) === 1,
    grantedNanos: bigintColumn(row["granted_nanos"]),
    settledNanos: bigintColumn(row["settled_nanos"]),
    returnedNanos: bigintColumn(row["returned_nanos"]),
  };
}

function keyOf({
  journal,
  epoch,
  leaseNo,
}: Pick<LeaseRow, "journal" | "epoch" | "leaseNo">): string {
  return `${journal}/${epoch}/${leaseNo}`;
}

function checkHeld({ leases, wallets }: DatabaseView): readonly Violation[] {
  const sums = new Map<number, bigint>();
  for (const lease of leases.values()) {
    const rest = lease.grantedNanos - lease.settledNanos - lease.returnedNanos;
    const held = lease.isActive && rest > 0n ? rest : 0n;
    sums.set(lease.userId, (sums.get(lease.userId) ?? 0n) + held);
  }
  return wallets.flatMap(({ userId, held }) => {
    const sum = sums.get(userId) ?? 0n;
    return held === sum
      ? []
      : [`I5 user ${userId}: ${held} is held, the active leases hold ${sum}`];
  });
}

function checkBalances({ wallets }: DatabaseView, { book }: OraclePorts): readonly Violation[] {
  return wallets.flatMap(({ userId, posted }) => {
    const bound = book.excess.get(userId) ?? 0n;
    return posted >= -bound || (book.unconfirmed.get(userId) ?? 0) > 0
      ? []
      : [`I8 user ${userId}: the balance is ${posted}, which is below -${bound}`];
  });
}

function checkGrants({ leases }: DatabaseView, { book }: OraclePorts): readonly Violation[] {
  return [...leases.values()].flatMap((lease) => {
    const over = lease.settledNanos + lease.returnedNanos - lease.grantedNanos;
    const { userId } = lease;
    return over <= (book.excess.get(userId) ?? 0n) + (book.stretched.get(userId) ?? 0n)
      ? []
      : [
          `I7 lease ${keyOf(lease)}: settled ${lease.settledNanos} and returned ${lease.returnedNanos} of ${lease.grantedNanos}`,
        ];
  });
}

/** No released lease has usage that is still unshipped, and no live relay can spend one. */
function checkEscrow(
  view: DatabaseView,
  relay: SimulatedRelay,
  ports: OraclePorts,
): readonly Violation[] {
  const journal = ports.journalIds[relay.index] ?? "";
  const isGone = (epoch: number, leaseNo: number): boolean =>
    leaseNo !== 0 && view.leases.get(keyOf({ journal, epoch, leaseNo }))?.isActive === false;
  const mark = view.marks.get(journal) ?? 0;
  return [...checkUnshipped(relay, mark, isGone), ...checkSpendable(relay, isGone)];
}

type IsGone = (epoch: number, leaseNo: number) => boolean;

function checkUnshipped(
  { index, mirror }: SimulatedRelay,
  mark: number,
  isGone: IsGone,
): readonly Violation[] {
  const violations: Violation[] = [];
  for (const [place, record] of mirror.records.slice(mark).entries()) {
    const { epoch, leaseNo } = record;
    const seq = mark + place;
    if (isUsage(record) && isGone(epoch, leaseNo)) {
      violations.push(
        `I6 relay ${index}: record ${seq} is unshipped usage of lease ${epoch}/${leaseNo}, which is released`,
      );
    }
  }
  return violations;
}

function checkSpendable(relay: SimulatedRelay, isGone: IsGone): readonly Violation[] {
  const process = relay.process();
  if (process === undefined) {
    return [];
  }
  const { epoch } = process.journal;
  return process.leases
    .inventory()
    .filter(({ leaseNo }) => !relay.mirror.isReleased(leaseNo) && isGone(epoch, leaseNo))
    .map(
      ({ leaseNo }) =>
        `I6 relay ${relay.index}: lease ${epoch}/${leaseNo} can be spent and is released`,
    );
}

function isUsage({ kind }: MirroredRecord): boolean {
  return kind === "started" || kind === "ended";
}

interface UsageRow {
  readonly userId: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costNanos: bigint;
}

/** What must hold when everything is handed over and nothing runs. */
export async function checkAtRest(ports: OraclePorts): Promise<readonly Violation[]> {
  const { database, book } = ports;
  const rows = await readUsage(database);
  const { wallets } = await readView(database);
  const violations: Violation[] = [...(await checkNow(ports))];
  for (const call of book.calls.values()) {
    violations.push(...checkCall(call, rows.get(call.id)));
  }
  for (const id of rows.keys()) {
    if (!book.calls.has(id)) {
      violations.push(`I1 row ${id}: nobody made this call`);
    }
  }
  const charged = new Map<number, bigint>();
  for (const { userId, costNanos } of rows.values()) {
    charged.set(userId, (charged.get(userId) ?? 0n) + costNanos);
  }
  for (const { userId, posted, held } of wallets) {
    const due = (book.deposits.get(userId) ?? 0n) - (charged.get(userId) ?? 0n);
    if (posted !== due) {
      violations.push(
        `I4 user ${userId}: the balance is ${posted}, deposits less charges are ${due}`,
      );
    }
    if (held !== 0n) {
      violations.push(`I5 user ${userId}: ${held} is still held`);
    }
  }
  return [...violations, ...(await checkSums(database))];
}

async function readUsage(database: Database): Promise<ReadonlyMap<string, UsageRow>> {
  const rows = await database.query<SqlRow>(
    `select lower(hex(request_id)) as id, user_id, input_tokens, output_tokens, cost_nanos from usage_log`,
  );
  return new Map(
    rows.map((row) => [
      textColumn(row["id"]),
      {
        userId: integerColumn(row["user_id"]),
        inputTokens: integerColumn(row["input_tokens"]),
        outputTokens: integerColumn(row["output_tokens"]),
        costNanos: bigintColumn(row["cost_nanos"]),
      },
    ]),
  );
}

function checkCall(call: BookedCall, row: UsageRow | undefined): readonly Violation[] {
  const name = `call ${call.id} on relay ${call.relay}`;
  if (row === undefined) {
    return call.delivered > 0 || call.sawEnd
      ? [`I1 ${name}: ${call.delivered} tokens were delivered, and there is no row`]
      : [];
  }
  const said = `billed ${row.inputTokens}+${row.outputTokens} tokens, ${row.costNanos}`;
  const { ended } = call;
  if (isAsEnded(call, row)) {
    return [];
  }
  if (call.sawEnd || call.crash === undefined) {
    return [
      `I2 ${name}: ${said}, but it ended with ${ended?.tokens} (delivered ${call.delivered})`,
    ];
  }
  const { safeSeq } = call.crash;
  const safe = call.checkpoints.findLast(({ seq }) => seq < safeSeq)?.tokens ?? 0;
  const isWithin = row.outputTokens >= safe && row.outputTokens <= call.delivered;
  const cost = row.outputTokens === 0 ? 0n : priceOf(call.inputTokens, row.outputTokens);
  return isWithin && row.costNanos === cost
    ? []
    : [`I3 ${name}: ${said}, but ${safe} were safe and ${call.delivered} delivered`];
}

function isAsEnded({ ended, inputTokens }: BookedCall, row: UsageRow): boolean {
  const cost = ended?.isBilled === true ? priceOf(inputTokens, ended.tokens) : 0n;
  return row.outputTokens === ended?.tokens && row.costNanos === cost;
}

/** Sums over the whole database that need no other book. */
async function checkSums(database: Database): Promise<readonly Violation[]> {
  const checks = [
    [
      "I9 transactions of the ledger that do not sum to zero",
      "select count(*) as n from (select 1 from ledger_entries group by tx_id having sum(amount_nanos) <> 0)",
    ],
    ["I9 the ledger's sum", "select coalesce(sum(amount_nanos), 0) as n from ledger_entries"],
    ...["usage_hour", "usage_day"].map(
      (table) =>
        [
          `I13 ${table} differs from the rows by`,
          `select abs(coalesce((select sum(cost_nanos) from ${table}), 0) - coalesce((select sum(cost_nanos) from usage_log), 0))
         + abs(coalesce((select sum(requests) from ${table}), 0) - (select count(*) from usage_log)) as n`,
        ] as const,
    ),
    [
      "I11 keys whose caps differ from the rows",
      `select count(*) as n from key_caps k where k.held_nanos <> 0
       or k.used_nanos <> coalesce((select sum(cost_nanos) from usage_log u where u.key_id = k.key_id), 0)`,
    ],
    ["I5 active leases at rest", "select count(*) as n from leases where state = 1"],
  ] as const;
  const violations: Violation[] = [];
  for (const [sentence, sql] of checks) {
    const [row] = await database.query<SqlRow>(sql);
    const found = bigintColumn(row?.["n"]);
    if (found !== 0n) {
      violations.push(`${sentence}: ${found}`);
    }
  }
  return violations;
}
