import type { FakeClock } from "@tollgate/kit/testing/fake-clock";
import { nanoUsd } from "@tollgate/kit/money/nano-usd";
import type { LogDatabase } from "#store/sql/log-database.ts";
import { createActivityFeed } from "#usecases/log/watch-log.ts";
import type { CodeBatch } from "#usecases/payments/manage-codes.ts";
import type { PaymentNews } from "#usecases/payments/post-payment.ts";
import { createPayments } from "../payments.ts";
import type { PaymentUseCases } from "../rpc/payment-routes.ts";
import { aCall, aRelay, callCostNanos, ended, openMoneyFixture } from "./money-fixture.ts";
import type { MoneyFixture } from "./money-fixture.ts";

/** Payments over a database of their own. */
export interface PaymentFixture extends MoneyFixture {
  readonly payments: PaymentUseCases;
  /** The same with a log database. */
  readonly paymentsOver: (archive: LogDatabase) => PaymentUseCases;
  /** Settles calls of {@link callCostNanos} each and answers their ids. */
  readonly settleCalls: (
    owner: { readonly userId: number; readonly keyId?: number },
    count: number,
  ) => Promise<readonly Uint8Array[]>;
  /** The user's lines of the ledger, newest first. */
  readonly ledgerOf: (
    userId: number,
  ) => Promise<readonly { readonly kind: string; readonly amountNanos: bigint }[]>;
  /** What the log says of the user. */
  readonly activitiesOf: (userId: number) => Promise<readonly string[]>;
  /** What all entries on an account add up to. */
  readonly accountSum: (accountId: string) => Promise<bigint>;
}

/** Opens everything. */
export async function openPaymentFixture(clock?: FakeClock): Promise<PaymentFixture> {
  const fixture = await openMoneyFixture(clock);
  const { database, money } = fixture;
  const paymentsOver = (archive: LogDatabase | undefined): PaymentUseCases =>
    createPayments({
      database,
      archive,
      clock: fixture.clock,
      money,
      masterKey: new Uint8Array(32).fill(7),
      identity: { options: { flag: () => true }, feed: createActivityFeed() },
    });
  return {
    ...fixture,
    payments: paymentsOver(undefined),
    paymentsOver,
    settleCalls: async ({ userId, keyId = 0 }, count) => {
      const relay = aRelay(fixture);
      await relay.hello();
      const need = callCostNanos * BigInt(count);
      await relay.acquire(userId, { keyId, want: need, needMin: need });
      const calls = Array.from({ length: count }, () => aCall({ userId, keyId }));
      await relay.ship(0, [...calls.map(ended), { kind: "released", epoch: 1, leaseNo: 1 }]);
      return calls.map(({ requestId }) => requestId);
    },
    ledgerOf: async (userId) => {
      const page = { offset: 0, limit: 200, hasTotal: false };
      const { rows } = await money.ledger.list(userId, page);
      return rows.map(({ kind, amountNanos }) => ({ kind, amountNanos }));
    },
    activitiesOf: async (userId) => {
      const rows = await database.query<{ content: string }>(
        "select content from activity_log where user_id = ? order by id",
        [userId],
      );
      return rows.map(({ content }) => content);
    },
    accountSum: async (accountId) => {
      const [row] = await database.query<{ total: unknown }>(
        "select coalesce(sum(amount_nanos), 0) as total from ledger_entries where account_id = ?",
        [accountId],
      );
      return BigInt(String(row?.total));
    },
  };
}

/** One code of a dollar that never expires. */
export function aBatch(fields: Partial<CodeBatch> = {}): CodeBatch {
  return {
    creatorId: 1,
    name: "spring",
    count: 1,
    amountNanos: nanoUsd(1_000_000_000n),
    creditSeconds: 0,
    expiresAt: 0,
    ...fields,
  };
}

/** A payment of ten dollars. */
export function aPayment(fields: Partial<PaymentNews> & { readonly userId: number }): PaymentNews {
  return {
    provider: "acme",
    eventId: `event-${Math.random()}`,
    paymentId: `payment-${Math.random()}`,
    amountNanos: nanoUsd(10_000_000_000n),
    kind: "paid",
    ...fields,
  };
}
