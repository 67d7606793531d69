import { createFakeClock } from "@tollgate/kit/testing/fake-clock";
import type { FakeClock } from "@tollgate/kit/testing/fake-clock";
import { uuidV7Bytes } from "@tollgate/kit/ids/uuid-v7";
import { nanoUsd } from "@tollgate/kit/money/nano-usd";
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import type { EndedCall, JournalEntry } from "#domain/journal-entry.ts";
import { bases, noUsage } from "#domain/usage.ts";
import type { KeyCap, Wallet } from "#domain/wallet.ts";
import type { ShipInput } from "#usecases/settlement/ship-records.ts";
import type { LeaseReport } from "#usecases/leases/lease-reports.ts";
import { createMoney } from "../money.ts";
import type { Money } from "../money.ts";
import { openTestDatabase, silentLogger } from "./open-test-database.ts";
import type { TestDatabase } from "./open-test-database.ts";

/** The money half over a database of its own. */
export interface MoneyFixture extends TestDatabase {
  readonly money: Money;
  readonly useCases: Money["useCases"];
  readonly clock: FakeClock;
  /** Makes an enabled user with a wallet and this balance; answers the id. */
  readonly addUser: (balanceNanos: bigint) => Promise<number>;
  /** Makes an enabled key; without a cap it is unlimited. */
  readonly addKey: (userId: number, capNanos?: bigint) => Promise<number>;
  readonly wallet: (userId: number) => Promise<Wallet>;
  readonly cap: (keyId: number) => Promise<KeyCap>;
  /** What CheckLedger says. */
  readonly violations: () => Promise<readonly string[]>;
  /** Another instance over the same database, as on another replica. */
  readonly openAgain: () => Promise<Money>;
}

/** Opens everything. */
export async function openMoneyFixture(
  clock: FakeClock = createFakeClock(),
): Promise<MoneyFixture> {
  const { database, close } = await openTestDatabase();
  const opened: Money[] = [];
  const open = async (): Promise<Money> => {
    const money = await createMoney({
      database,
      clock,
      logger: silentLogger,
      admissionTtlSeconds: 300,
    });
    opened.push(money);
    return money;
  };
  const money = await open();
  let lastId = 0;

  async function addUser(balanceNanos: bigint): Promise<number> {
    const userId = (lastId += 1);
    await database.execute(
      `insert into users (id, username, display_name, role, status, email, user_group, password_hash,
         invitation_code, inviter_id, created_at, session_version)
       values (?, ?, '', 1, 1, '', 'default', '', ?, 0, 0, 1)`,
      [userId, `user${userId}`, `code${userId}`],
    );
    await database.transaction(async (tx) => money.wallets.open(userId, tx));
    if (balanceNanos !== 0n) {
      await money.useCases.adjustWallet({
        requestId: `seed-${userId}`,
        userId,
        amountNanos: nanoUsd(balanceNanos),
        kind: "top-up",
        remark: "",
        actorId: 0,
      });
    }
    return userId;
  }

  async function addKey(userId: number, capNanos?: bigint): Promise<number> {
    const keyId = (lastId += 1);
    await database.execute(
      `insert into api_keys (id, user_id, name, status, secret_hash, secret_sealed, hint, created_at,
         expires_at, models, subnets)
       values (?, ?, ?, 1, ?, '', '', 0, -1, '[]', '[]')`,
      [keyId, userId, `key${keyId}`, `hash${keyId}`],
    );
    await database.transaction(async (tx) =>
      money.caps.create(
        {
          keyId,
          userId,
          isUnlimited: capNanos === undefined,
          remainingNanos: nanoUsd(capNanos ?? 0n),
        },
        tx,
      ),
    );
    return keyId;
  }

  return {
    database,
    money,
    useCases: money.useCases,
    clock,
    addUser,
    addKey,
    wallet: async (userId) => present(await money.useCases.wallets.find(userId)),
    cap: async (keyId) => present((await money.caps.readMany([keyId])).get(keyId)),
    violations: async () => (await money.useCases.ledgerCheck.check(0)).violations,
    openAgain: open,
    close: async () => {
      opened.forEach((instance) => instance.close());
      await close();
    },
  };
}

/** A lease in an inventory. */
export interface KnownLease {
  readonly leaseNo: number;
  readonly free: bigint;
  readonly spendRate?: bigint;
}

/** A relay that keeps a journal in memory. */
export interface FakeRelay {
  readonly journalId: Uint8Array;
  /** Says hello with this epoch and uses it from now on. */
  readonly hello: (epoch?: number) => Promise<void>;
  readonly acquire: (
    userId: number,
    lease: {
      leaseNo?: number;
      keyId?: number;
      want?: bigint;
      needMin?: bigint;
      singleNeed?: bigint;
      typical?: bigint;
      /** As in the proto; 1 = first. */
      reason?: number;
    },
  ) => ReturnType<Money["useCases"]["acquireLease"]>;
  readonly ship: (
    fromSeq: number,
    entries: readonly JournalEntry[],
  ) => ReturnType<Money["useCases"]["shipRecords"]>;
  /** Tells of leases by number, or with what is free and spent of them. */
  readonly beat: (
    resolvedUpTo: number,
    knownLeases: readonly (number | KnownLease)[],
    acknowledgedSeq?: number,
  ) => ReturnType<Money["useCases"]["beat"]>;
}

/** Makes a relay with a journal of its own; `hello` it before anything else. */
export function aRelay({ money }: Pick<MoneyFixture, "money">): FakeRelay {
  const journalId = uuidV7Bytes();
  const { useCases } = money;
  let epoch = 1;
  let lastLeaseNo = 0;
  return {
    journalId,
    hello: async (newEpoch = 1) => {
      epoch = newEpoch;
      lastLeaseNo = 0;
      await useCases.hello({ journalId, epoch, nodeName: "relay", build: "test" });
    },
    acquire: async (userId, { leaseNo, keyId = 0, want = 0n, needMin = 1n, ...wish }) => {
      lastLeaseNo = leaseNo ?? lastLeaseNo + 1;
      return useCases.acquireLease({
        journalId,
        epoch,
        leaseNo: lastLeaseNo,
        userId,
        keyId,
        wantNanos: nanoUsd(want),
        needMinNanos: nanoUsd(needMin),
        singleNeedNanos: nanoUsd(wish.singleNeed ?? 0n),
        typicalNanos: nanoUsd(wish.typical ?? 0n),
        reason: wish.reason ?? 1,
      });
    },
    ship: async (fromSeq, entries) =>
      useCases.shipRecords({ journalId, epoch, ...stretch(fromSeq, entries) }),
    beat: async (resolvedUpTo, knownLeases, acknowledgedSeq = 0) =>
      useCases.beat({
        journalId,
        epoch,
        acknowledgedSeq,
        resolvedUpTo,
        knownLeases: knownLeases.map((known) =>
          typeof known === "number" ? aReport(known) : aReport(known.leaseNo, known),
        ),
      }),
  };
}

function aReport(leaseNo: number, known?: KnownLease): LeaseReport {
  const { free = 0n, spendRate = 0n } = known ?? {};
  return { leaseNo, freeNanos: nanoUsd(free), spendRateNanos: nanoUsd(spendRate) };
}

/** A call of gpt-4o that went well: 200 input tokens at 2,500 nano-USD and 20 output tokens at 10,000 nano-USD. */
export function aCall(fields: Partial<EndedCall> & { readonly userId: number }): EndedCall {
  return {
    requestId: uuidV7Bytes(1_700_000_000_000),
    epoch: 1,
    leaseNo: 1,
    keyId: 0,
    group: "default",
    model: "gpt-4o",
    pricedModel: "gpt-4o",
    channelId: 3,
    channelType: 1,
    priceVersion: 1,
    startedAtMs: 1_700_000_000_000,
    isStream: false,
    surface: "openai-chat",
    clientIp: "192.0.2.7",
    usage: { ...noUsage, inputTokens: 200, outputTokens: 20 },
    basis: bases.usage,
    costNanos: callCostNanos,
    attempts: [],
    upstreamId: "chatcmpl-1",
    status: 200,
    errorReason: "",
    errorMessage: "",
    ttftMs: 120,
    durationMs: 900,
    isSystemPromptReset: false,
    isEstimated: false,
    holdNanos: nanoUsd(900_000n),
    ...fields,
  };
}

/** What {@link aCall} costs. */
export const callCostNanos: NanoUsd = nanoUsd(700_000n);

/** Consecutive records of a journal. */
export function stretch(
  fromSeq: number,
  entries: readonly JournalEntry[],
): Pick<ShipInput, "fromSeq" | "nextSeq" | "records"> {
  const records = entries.map((entry, index) => ({ seq: fromSeq + index, entry }));
  return { fromSeq, nextSeq: fromSeq + entries.length, records };
}

/** The record of a call that is over. */
export function ended(call: EndedCall): JournalEntry {
  return { kind: "ended", call };
}

function present<Value>(value: Value | undefined): Value {
  if (value === undefined) {
    throw new Error("the row is missing");
  }
  return value;
}
