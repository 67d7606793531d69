/**
 * The write side of a settlement: a dozen statements for a whole batch, no ORM. Rows that other transactions also add to are
 * written in the order of their keys: roll-ups, then wallets, then caps.
 */
import { bytesColumn } from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow, SqlValue } from "@tollgate/kit/sql/database";
import { uuidV7Bytes } from "@tollgate/kit/ids/uuid-v7";
import { nanoUsd } from "@tollgate/kit/money/nano-usd";
import { pairOf } from "#domain/ledger.ts";
import type { SettledCall } from "#domain/settled-call.ts";
import type { Settlement } from "#domain/settlement.ts";
import { idText } from "#domain/settlement.ts";
import type { UsageTotal } from "#domain/usage-total.ts";
import type { SettlementStore } from "#usecases/money-ports.ts";
import type { Tx } from "#usecases/transaction.ts";
import { addMany, insertMany } from "./insert-many.ts";
import type { RowValues } from "./insert-many.ts";
import { leaseStates } from "./lease-store.ts";
import { insertLedgerEntries, insertLedgerTx } from "./ledger-store.ts";
import {
  isPlainUsage,
  plainUsageColumns,
  plainUsageValues,
  rareUsageColumns,
  usageColumns,
  usageValues,
} from "./usage-row.ts";

const insertUsage = insertMany({ table: "usage_log", columns: usageColumns });
const insertPlainUsage = insertMany({
  table: "usage_log",
  columns: plainUsageColumns,
  constants: rareUsageColumns,
});

const insertAttempts = insertMany({
  table: "upstream_attempts",
  columns: [
    "request_id",
    "attempt",
    "channel_id",
    "status",
    "reason",
    "elapsed_ms",
    "upstream_cost_nanos",
  ],
});

const insertQuarantine = insertMany({
  table: "quarantine",
  columns: ["request_id", "batch_id", "journal_id", "user_id", "reason", "payload", "at_ms"],
});

const totalKeys = ["user_id", "at_seconds", "key_id", "model", "channel_id"];
const totalSums = [
  "requests",
  "errors",
  "cost_nanos",
  "upstream_cost_nanos",
  "prompt_tokens",
  "completion_tokens",
  "cached_tokens",
];
const totalShape = { columns: [...totalKeys, ...totalSums], keys: totalKeys, add: totalSums };

const walletSums = ["posted_nanos", "held_nanos", "used_nanos", "request_count", "version"];
const walletShape = {
  table: "wallets",
  columns: ["user_id", ...walletSums],
  keys: ["user_id"],
  add: walletSums,
};

const capSums = ["used_nanos", "held_nanos"];
const capShape = {
  table: "key_caps",
  columns: ["key_id", "user_id", "is_capped", "is_closed", ...capSums],
  keys: ["key_id"],
  add: capSums,
};

const leaseKeys = ["journal_id", "epoch", "lease_no"];
const leaseSums = ["settled_nanos", "returned_nanos"];
const leaseShape = {
  table: "leases",
  columns: [
    ...leaseKeys,
    ...leaseSums,
    "user_id",
    "key_id",
    "granted_nanos",
    "state",
    "reason",
    "created_at_ms",
  ],
  keys: leaseKeys,
  add: leaseSums,
};

const idsPerStatement = 500;

/** Settlements in a database. */
export function createSettlementStore(database: Database): SettlementStore {
  const addHours = addMany(database, { ...totalShape, table: "usage_hour" });
  const addDays = addMany(database, { ...totalShape, table: "usage_day" });
  const addWallets = addMany(database, walletShape);
  const addCaps = addMany(database, capShape);
  const addLeases = addMany(database, leaseShape);
  return {
    async findSettled(requestIds, tx) {
      const settled = new Set<string>();
      for (let start = 0; start < requestIds.length; start += idsPerStatement) {
        const ids = requestIds.slice(start, start + idsPerStatement);
        const marks = ids.map(() => "?").join(", ");
        const sql = `select request_id from usage_log where request_id in (${marks})`;
        for (const row of await database.query<SqlRow>(sql, ids, tx)) {
          settled.add(idText(bytesColumn(row["request_id"])));
        }
      }
      return settled;
    },
    async write(settlement, nowMs, tx) {
      const { calls, hours, days } = settlement;
      await insertPlainUsage(tx, calls.filter(isPlainUsage).map(plainUsageValues));
      await insertUsage(tx, calls.filter((call) => !isPlainUsage(call)).map(usageValues));
      await insertAttempts(tx, calls.flatMap(attemptValues));
      await insertQuarantine(tx, quarantineRows(settlement, nowMs));
      await writeLedger(settlement, nowMs, tx);
      await addHours(tx, hours.map(totalValues));
      await addDays(tx, days.map(totalValues));
      await addWallets(tx, walletRows(settlement));
      await addCaps(tx, capRows(settlement));
      await markUsed(settlement, nowMs, tx);
      await addLeases(tx, leaseRows(settlement, nowMs));
      await markReleased(settlement, nowMs, tx);
    },
  };
}

/** One try that succeeded needs no row: the call's own row says it all. */
function attemptValues({ requestId, attempts }: SettledCall): readonly RowValues[] {
  const isPlain = attempts.length === 0 || (attempts.length === 1 && attempts[0]?.reason === "");
  return isPlain
    ? []
    : attempts.map((tried, attempt) => [
        requestId,
        attempt,
        tried.channelId,
        tried.status,
        tried.reason,
        tried.elapsedMs,
        tried.upstreamCostNanos,
      ]);
}

function quarantineRows(
  { expired, batchId, journalId }: Settlement,
  nowMs: number,
): readonly RowValues[] {
  return expired.map((call) => [
    call.requestId,
    batchId,
    journalId,
    call.userId,
    "OLDER_THAN_THE_LOG",
    JSON.stringify(call, plainValue),
    nowMs,
  ]);
}

/** JSON has neither whole numbers of 64 bits nor bytes: the former become their digits, the latter hexadecimal digits. */
function plainValue(_name: string, value: unknown): unknown {
  if (typeof value === "bigint") {
    return value.toString();
  }
  return value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value;
}

async function writeLedger({ wallets, batchId }: Settlement, nowMs: number, tx: Tx): Promise<void> {
  const transactions: RowValues[] = [];
  const entries: RowValues[] = [];
  for (const [userId, { usedNanos }] of wallets) {
    if (usedNanos !== 0n) {
      const txId = uuidV7Bytes(nowMs);
      transactions.push([txId, "settlement", null, userId, batchId, nowMs, 0, ""]);
      pairOf("settlement", userId, nanoUsd(-usedNanos)).forEach((entry, line) => {
        entries.push([txId, line, entry.accountId, entry.userId, entry.amountNanos]);
      });
    }
  }
  await insertLedgerTx(tx, transactions);
  await insertLedgerEntries(tx, entries);
}

function totalValues(total: UsageTotal): RowValues {
  return [
    total.userId,
    total.atSeconds,
    total.keyId,
    total.model,
    total.channelId,
    total.requests,
    total.errors,
    total.costNanos,
    total.upstreamCostNanos,
    total.promptTokens,
    total.completionTokens,
    total.cachedTokens,
  ];
}

function walletRows({ wallets }: Settlement): readonly RowValues[] {
  return inIdOrder(wallets).map(([userId, delta]) => [
    userId,
    -delta.usedNanos,
    delta.heldNanos,
    delta.usedNanos,
    delta.requests,
    1,
  ]);
}

function capRows({ caps }: Settlement): readonly RowValues[] {
  // A row is made only for a key that never had one, and then nothing more can be held on it.
  return inIdOrder(caps).map(([keyId, delta]) => [
    keyId,
    delta.userId,
    false,
    true,
    delta.usedNanos,
    delta.heldNanos,
  ]);
}

async function markUsed({ caps }: Settlement, nowMs: number, tx: Tx): Promise<void> {
  const used = inIdOrder(caps).flatMap(([keyId, { isUsed }]) => (isUsed ? [keyId] : []));
  if (used.length > 0) {
    const marks = used.map(() => "?").join(", ");
    const seconds = Math.floor(nowMs / 1000);
    await tx.run(
      `update key_caps set accessed_at = ? where key_id in (${marks}) and accessed_at < ?`,
      [seconds, ...used, seconds],
    );
  }
}

/** The rows exist, so only the sums matter; the rest satisfies the engine. */
function leaseRows({ leases, journalId }: Settlement, nowMs: number): readonly RowValues[] {
  return leases.map(({ lease, settledNanos, returnedNanos }) => [
    journalId,
    lease.epoch,
    lease.leaseNo,
    settledNanos,
    returnedNanos,
    lease.userId,
    lease.keyId,
    lease.grantedNanos,
    leaseStates.active,
    0,
    nowMs,
  ]);
}

async function markReleased(
  { leases, journalId }: Settlement,
  nowMs: number,
  tx: Tx,
): Promise<void> {
  for (const { lease } of leases.filter(({ isReleased }) => isReleased)) {
    const { epoch, leaseNo } = lease;
    const parameters: SqlValue[] = [leaseStates.released, nowMs, journalId, epoch, leaseNo];
    await tx.run(
      "update leases set state = ?, closed_at_ms = ? where journal_id = ? and epoch = ? and lease_no = ?",
      parameters,
    );
  }
}

function inIdOrder<Value>(
  deltas: ReadonlyMap<number, Value>,
): readonly (readonly [number, Value])[] {
  return [...deltas].sort(([left], [right]) => left - right);
}
