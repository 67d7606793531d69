import { createHash } from "node:crypto";
import type { Clock } from "@tollgate/kit/clock/clock";
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import { ZERO, subtractNano } from "@tollgate/kit/money/nano-usd";
import { fault } from "#domain/faults.ts";
import type { Activity } from "#domain/log-entry.ts";
import type { AdjustWallet } from "#usecases/wallets/adjust-wallet.ts";
import type { Changes } from "#usecases/changes.ts";
import { describeAmount } from "#usecases/wallets/describe-amount.ts";
import type { ActivityFeed, ActivityStore } from "#usecases/identity/identity-ports.ts";
import type { ReadOption } from "#usecases/options/read-option.ts";
import type { Transactions, Tx } from "#usecases/transaction.ts";
import type { PaymentEvent, PaymentStore } from "./payment-ports.ts";

/** What {@link createPostPayment} needs. */
export interface PostPaymentPorts {
  readonly transactions: Transactions;
  readonly payments: PaymentStore;
  readonly adjustWallet: AdjustWallet;
  readonly changes: Pick<Changes, "flush">;
  readonly activities: Pick<ActivityStore, "append">;
  readonly feed: Pick<ActivityFeed, "publish">;
  readonly options: Pick<ReadOption, "flag">;
  readonly clock: Pick<Clock, "nowMs">;
}

/** What a provider tells. */
export interface PaymentNews {
  readonly provider: string;
  readonly eventId: string;
  readonly paymentId: string;
  readonly userId: number;
  readonly amountNanos: NanoUsd;
  readonly kind: "paid" | "refunded";
}

/** What is in the books. */
export interface PostedPayment {
  /** False: it had been booked before. */
  readonly isApplied: boolean;
  readonly receivedAtMs: number;
}

/**
 * Books an event of a payment provider, once. Throws PAYMENT_INVALID, PAYMENT_CONFLICT, PAYMENT_UNKNOWN, PAYMENT_EXCEEDED and
 * WALLET_NOT_FOUND.
 */
export type PostPayment = (news: PaymentNews) => Promise<PostedPayment>;

interface Posting extends PostedPayment {
  readonly activity?: Activity;
}

const idCharactersMax = 128;
const amountNanosMax = 10n ** 18n;

/** The unique keys of the event and of the payment are written in the transaction that moves the money. */
export function createPostPayment(ports: PostPaymentPorts): PostPayment {
  return async (news) => {
    checkNews(news);
    const { activity, ...posted } = await ports.transactions.run(async (tx) =>
      news.kind === "paid" ? postPaid(ports, news, tx) : postPaidBack(ports, news, tx),
    );
    if (activity !== undefined) {
      ports.feed.publish(activity);
      await ports.changes.flush();
    }
    return posted;
  };
}

async function postPaid(ports: PostPaymentPorts, news: PaymentNews, tx: Tx): Promise<Posting> {
  const event = eventOf(news, 0, ports.clock.nowMs());
  if (await ports.payments.insert(event, tx)) {
    return move(ports, event, tx);
  }
  // Some providers tell of one payment in several events: all of them are answered, one of them is booked.
  const earlier =
    (await ports.payments.findEvent(news, tx)) ?? (await ports.payments.lockPayment(news, tx));
  return repeat(earlier, event);
}

async function postPaidBack(ports: PostPaymentPorts, news: PaymentNews, tx: Tx): Promise<Posting> {
  // The lock of the payment numbers what goes back of it, and keeps the sum below what was paid.
  const payment = await ports.payments.lockPayment(news, tx);
  const earlier = await ports.payments.findEvent(news, tx);
  if (earlier !== undefined) {
    return repeat(earlier, eventOf(news, Math.max(1, earlier.seq), earlier.receivedAtMs));
  }
  if (payment === undefined) {
    throw fault("PAYMENT_UNKNOWN");
  }
  if (payment.userId !== news.userId) {
    throw fault("PAYMENT_CONFLICT");
  }
  const back = await ports.payments.sumPaidBack(news, tx);
  if (back.amountNanos + news.amountNanos > payment.amountNanos) {
    throw fault("PAYMENT_EXCEEDED");
  }
  const event = eventOf(news, back.count + 1, ports.clock.nowMs());
  if (!(await ports.payments.insert(event, tx))) {
    // The event's id was just taken by another payment's event.
    throw fault("PAYMENT_CONFLICT");
  }
  return move(ports, event, tx);
}

/** The answer to news that were told before. Throws PAYMENT_CONFLICT when they were other news. */
function repeat(earlier: PaymentEvent | undefined, event: PaymentEvent): Posting {
  const isSame =
    earlier !== undefined &&
    earlier.paymentId === event.paymentId &&
    earlier.seq === event.seq &&
    earlier.userId === event.userId &&
    earlier.amountNanos === event.amountNanos;
  if (!isSame) {
    throw fault("PAYMENT_CONFLICT");
  }
  return { isApplied: false, receivedAtMs: earlier.receivedAtMs };
}

async function move(ports: PostPaymentPorts, event: PaymentEvent, tx: Tx): Promise<Posting> {
  const { provider, paymentId, userId, seq, receivedAtMs } = event;
  const isPaid = seq === 0;
  await ports.adjustWallet(
    {
      requestId: requestIdOf(event),
      userId,
      amountNanos: isPaid ? event.amountNanos : subtractNano(ZERO, event.amountNanos),
      kind: isPaid ? "payment" : "chargeback",
      account: `cash:${provider}`,
      remark: `${provider} ${paymentId}`,
      actorId: 0,
      // What went back is gone: refusing to book it would only hide the debt.
      mayOverdraw: !isPaid,
    },
    tx,
  );
  const amount = describeAmount(event.amountNanos, ports.options);
  const activity = await ports.activities.append(
    {
      kind: "top-up",
      userId,
      content: isPaid
        ? `Paid by ${provider}: ${amount} (${paymentId})`
        : `Paid back by ${provider}: ${amount} (${paymentId})`,
      channelId: 0,
      model: "",
      durationMs: 0,
    },
    tx,
  );
  return { isApplied: true, receivedAtMs, activity };
}

function eventOf(news: PaymentNews, seq: number, receivedAtMs: number): PaymentEvent {
  const { provider, eventId, paymentId, userId, amountNanos } = news;
  return { provider, eventId, paymentId, seq, userId, amountNanos, receivedAtMs };
}

/** Short and unique: the ids of providers may be longer than a request id. */
function requestIdOf({ provider, paymentId, seq }: PaymentEvent): string {
  const name = createHash("sha256").update(`${provider}\n${paymentId}\n${seq}`).digest("base64url");
  return `payment:${name}`;
}

function checkNews({ provider, eventId, paymentId, amountNanos }: PaymentNews): void {
  const isIdWrong = [eventId, paymentId].some(
    (id) => id === "" || id.length > idCharactersMax || id.trim() !== id,
  );
  const isProviderWrong = !/^[a-z0-9-]{1,32}$/u.test(provider);
  const isAmountWrong = amountNanos <= 0n || amountNanos > amountNanosMax;
  if (isIdWrong || isProviderWrong || isAmountWrong) {
    throw fault("PAYMENT_INVALID");
  }
}
