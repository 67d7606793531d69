import { formatUsd, nanoUsd } from "@tollgate/kit/money/nano-usd";
import type { Payer } from "#ledgering/acquire-request.ts";
import type { Lease } from "#ledgering/lease.ts";
import type { ReserveOutcome } from "#ledgering/waiter.ts";
import type { ModelRate } from "#ledgering/model-rate.ts";
import { estimateOf } from "#ledgering/model-rate.ts";
import type { PriceBooks, RateQuery } from "#ledgering/price-books.ts";
import type { CallMoney } from "#pipeline/call-money.ts";
import { clampOutput } from "#pipeline/clamp-output.ts";
import type { CallEstimate } from "#pipeline/estimate.ts";
import type { IncomingCall } from "#pipeline/incoming-call.ts";
import type { PipelinePorts } from "#pipeline/ports.ts";
import { relayFaults } from "#pipeline/relay-faults.ts";

const retryAfterMs = 2000;
const usdDigits = 6;

export interface Reservation {
  readonly lease: Lease | undefined;
  readonly estimateNanos: number;
  /** What was reserved for: what was asked for, unless the output was bounded to what the balance covers. */
  readonly estimate: CallEstimate;
}

/** The price of a model, asked for if it is not at hand. Rejects with the fault for the caller if there is none. */
export async function findRate(prices: PriceBooks, query: RateQuery): Promise<ModelRate> {
  const rate = prices.find(query) ?? (await askForRate(prices, query));
  if (rate === null) {
    throw relayFaults.fault("PRICE_UNKNOWN", {
      sentence: `Model ${query.model} has no price and cannot be called.`,
    });
  }
  return rate;
}

/** Sets the estimate aside, from the lease at hand or after waiting for quota. Rejects with the fault for the caller. */
export function reserveMoney(
  ports: PipelinePorts,
  call: IncomingCall,
  money: CallMoney,
): Reservation | Promise<Reservation> {
  const { estimate, rate, multiplier } = money;
  const tokens = { input: estimate.inputTokensMax, output: estimate.outputTokensReserved };
  const nanos = estimateOf(tokens, rate, multiplier);
  if (nanos === 0n) {
    return { lease: undefined, estimateNanos: 0, estimate };
  }
  const estimateNanos = Number(nanos);
  const payer = payerOf(call);
  const lease = ports.leases.tryReserve(payer, estimateNanos);
  return lease === undefined
    ? askForMoney({ ports, call, payer, money }, estimateNanos)
    : { lease, estimateNanos, estimate };
}

function payerOf({ grant }: IncomingCall): Payer {
  return { userId: grant.userId, keyId: grant.capped ? grant.keyId : 0 };
}

interface Asking {
  readonly ports: PipelinePorts;
  readonly call: IncomingCall;
  readonly payer: Payer;
  readonly money: CallMoney;
}

async function askForMoney(asking: Asking, estimateNanos: number): Promise<Reservation> {
  const { ports, payer, money } = asking;
  const { estimate, rate, multiplier } = money;
  const bound = { input: estimate.inputTokensBound, output: estimate.outputTokensReserved };
  const estimateMax = Number(estimateOf(bound, rate, multiplier));
  const need = { estimate: estimateNanos, estimateMax: Math.max(estimateMax, estimateNanos) };
  const outcome = await ports.leases.reserve(payer, need);
  if (outcome.kind === "reserved") {
    return { lease: outcome.lease, estimateNanos: outcome.reservedNanos, estimate };
  }
  const clamped = await reserveClamped(asking, outcome);
  if (clamped === undefined) {
    throw refusalFault(outcome);
  }
  return clamped;
}

/** Asks again for as much output as there is money for; `undefined` = the refusal stands. */
async function reserveClamped(
  { ports, call, payer, money }: Asking,
  outcome: Exclude<ReserveOutcome, { readonly kind: "reserved" }>,
): Promise<Reservation | undefined> {
  if (
    outcome.kind === "unavailable" ||
    outcome.reason === "revoked" ||
    !ports.snapshot().options.clampGroups.has(call.grant.group)
  ) {
    return undefined;
  }
  const estimate = clampOutput(call, money, outcome.availableNanos);
  if (estimate === undefined) {
    return undefined;
  }
  const tokens = { input: estimate.inputTokensBound, output: estimate.outputTokensReserved };
  const nanos = Number(estimateOf(tokens, money.rate, money.multiplier));
  const second = await ports.leases.reserve(payer, { estimate: nanos, estimateMax: nanos });
  // Another call may have been faster: what is left is then for the caller's next one.
  return second.kind === "reserved"
    ? { lease: second.lease, estimateNanos: second.reservedNanos, estimate }
    : undefined;
}

async function askForRate(prices: PriceBooks, query: RateQuery): Promise<ModelRate | null> {
  try {
    return await prices.resolve(query);
  } catch (error) {
    throw relayFaults.fault("MONEY_UNREACHABLE", {
      sentence: "The price cannot be looked up just now. Please try again.",
      retryAfterMs,
      cause: error,
    });
  }
}

function refusalFault(outcome: Exclude<ReserveOutcome, { readonly kind: "reserved" }>): Error {
  if (outcome.kind === "unavailable") {
    return relayFaults.fault("MONEY_UNREACHABLE", { retryAfterMs });
  }
  const askedUsd = formatUsd(nanoUsd(outcome.askedNanos), usdDigits);
  const affordableUsd = formatUsd(nanoUsd(outcome.availableNanos), usdDigits);
  switch (outcome.reason) {
    case "balance":
      return relayFaults.fault("BALANCE_EXHAUSTED", {
        sentence: `The balance is not enough: this call may cost up to ${askedUsd} USD, ${affordableUsd} USD can be spent.`,
      });
    case "key-cap":
      return relayFaults.fault("KEY_CAP_EXHAUSTED", {
        sentence: `The quota of the API key is not enough: this call may cost up to ${askedUsd} USD, ${affordableUsd} USD can be spent.`,
      });
    case "revoked":
      return relayFaults.fault("KEY_DISABLED");
  }
}
