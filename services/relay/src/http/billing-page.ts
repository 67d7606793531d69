/** What a key has left and has spent, as quota says it. Amounts are nano-USD. */
export interface BillingSummary {
  readonly ofKey: boolean;
  readonly unlimited: boolean;
  readonly remainingNanos: bigint;
  readonly usedNanos: bigint;
  /** Seconds since 1970, 0 = never ends. */
  readonly accessUntil: number;
  /** USD instead of quota units. */
  readonly inCurrency: boolean;
}

const nanosPerUsd = 1e9;
const nanosPerQuotaUnit = 2000n;
const unlimitedAmount = 100_000_000;

/** `/dashboard/billing/subscription`: the limit is what is left and what was spent, so that tools that subtract are right. */
export function renderSubscription(summary: BillingSummary): string {
  const amount =
    summary.ofKey && summary.unlimited
      ? unlimitedAmount
      : amountOf(summary.remainingNanos + summary.usedNanos, summary);
  return JSON.stringify({
    object: "billing_subscription",
    has_payment_method: true,
    soft_limit_usd: amount,
    hard_limit_usd: amount,
    system_hard_limit_usd: amount,
    access_until: summary.accessUntil,
  });
}

/** `/dashboard/billing/usage`, in hundredths. */
export function renderUsage(summary: BillingSummary): string {
  const total = amountOf(summary.usedNanos, summary) * 100;
  return JSON.stringify({ object: "list", total_usage: total });
}

/** For display only: the one place of the relay where an amount becomes a float. */
function amountOf(nanos: bigint, { inCurrency }: BillingSummary): number {
  return inCurrency ? Number(nanos) / nanosPerUsd : Number(nanos / nanosPerQuotaUnit);
}
