/**
 * A lease is money moved from available to held for one relay to spend. Its remainder is what is still held for it; expiry never
 * gives it back, only the relay's own journal does, or a beat for a lease whose grant never reached its relay.
 */
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import { ZERO, maxNano, minNano, nanoUsd } from "@tollgate/kit/money/nano-usd";

/** Stored as 1 and 2. */
export type LeaseState = "active" | "released";

/** One lease. It is named by its journal, epoch and number. */
export interface Lease {
  readonly epoch: number;
  readonly leaseNo: number;
  readonly userId: number;
  /** The key whose cap is held as well; 0 = none. */
  readonly keyId: number;
  readonly grantedNanos: NanoUsd;
  /** Cost posted on it; may exceed what was granted. */
  readonly settledNanos: NanoUsd;
  readonly returnedNanos: NanoUsd;
  readonly state: LeaseState;
}

/** What a grant depends on. */
export interface LeaseWish {
  readonly wantNanos: NanoUsd;
  /** Less than this is of no use. */
  readonly needMinNanos: NanoUsd;
  /** What the wallet, and the cap if there is one, can still give. */
  readonly availableNanos: NanoUsd;
  /** Relays that hold leases of the user, the asking one included; at least 1. */
  readonly relays: number;
  /** What the waiting call needs at the very most; at least {@link needMinNanos}. */
  readonly singleNeedNanos: NanoUsd;
  /** The high end of what single calls reserve. */
  readonly typicalNanos: NanoUsd;
  /** A call waits for the money; otherwise it is for calls to come. */
  readonly isCallWaiting: boolean;
  /** The user is not trusted with money for calls to come, however much there is. */
  readonly isStrict: boolean;
}

/** What a grant depends on besides money. */
export type LeasePayer = Pick<LeaseWish, "isStrict">;

/** What is granted, and whether it is for a single call. */
export interface LeaseSize {
  /** Undefined = the least that is needed is not there. */
  readonly grantedNanos: NanoUsd | undefined;
  readonly isSingleCall: boolean;
}

/** No lease is larger, so that relays can count in safe integers: 10,000 USD. */
export const leaseNanosMax: NanoUsd = nanoUsd(10n ** 13n);

/** What an active lease still holds; nothing once it is released. */
export function remainderOf(
  lease: Pick<Lease, "grantedNanos" | "settledNanos" | "returnedNanos" | "state">,
): NanoUsd {
  const remainder = lease.grantedNanos - lease.settledNanos - lease.returnedNanos;
  return lease.state === "active" ? maxNano(nanoUsd(remainder), ZERO) : ZERO;
}

// With less than this many calls left for each relay, leases of several calls would keep the last money from whoever needs it.
const thinCallsPerRelay = 4n;

/**
 * How much to grant. Halving against what is left spreads the last cent over many small leases instead of leaving it stuck in one.
 * Near the end, and always for a strict user, a lease is for exactly one call, counted so that it cannot cost more: nothing lies idle,
 * nothing is overspent.
 */
export function sizeLease(wish: LeaseWish): LeaseSize {
  const isSingleCall = wish.isStrict || isThin(wish);
  const needNanos = isSingleCall ? wish.singleNeedNanos : wish.needMinNanos;
  const { availableNanos } = wish;
  const isPossible =
    availableNanos > 0n && needNanos <= availableNanos && needNanos <= leaseNanosMax;
  if (!isPossible || (isSingleCall && !wish.isCallWaiting)) {
    return { grantedNanos: undefined, isSingleCall };
  }
  const fairShare = maxNano(nanoUsd(availableNanos / BigInt(2 * wish.relays)), needNanos);
  const wanted = isSingleCall ? needNanos : maxNano(wish.wantNanos, needNanos);
  const grantedNanos = minNano(minNano(wanted, leaseNanosMax), fairShare);
  return { grantedNanos: grantedNanos > 0n ? grantedNanos : undefined, isSingleCall };
}

function isThin({ availableNanos, relays, typicalNanos, singleNeedNanos }: LeaseWish): boolean {
  const callNanos = maxNano(typicalNanos, singleNeedNanos);
  return availableNanos < thinCallsPerRelay * BigInt(relays) * callNanos;
}
