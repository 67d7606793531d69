import { nanoToQuotaUnits, nanoUsd, quotaUnitsToNano } from "@tollgate/kit/money/nano-usd";

const nanosPerUsd = 1_000_000_000;

/** A whole number for JSON; amounts beyond 2^53, which no client could read exactly, stop at that bound. */
export function toSafeNumber(value: bigint): number {
  const bound = BigInt(Number.MAX_SAFE_INTEGER);
  if (value > bound) {
    return Number.MAX_SAFE_INTEGER;
  }
  return value < -bound ? Number.MIN_SAFE_INTEGER : Number(value);
}

/** Nano-USD as One API's quota units, rounded toward minus infinity. */
export function toQuotaUnits(nanos: bigint): number {
  return toSafeNumber(nanoToQuotaUnits(nanoUsd(nanos)));
}

/** One API's quota units as nano-USD, exactly. The argument is a whole number within `limits.quotaUnitsMax`. */
export function toNanos(quotaUnits: number): bigint {
  return quotaUnitsToNano(BigInt(quotaUnits));
}

/** Nano-USD as dollars in a JSON number, as One API shows upstream balances. For display only. */
export function toDollars(nanos: bigint): number {
  return Number(nanos) / nanosPerUsd;
}

/** Milliseconds as whole seconds. */
export function toSeconds(milliseconds: bigint): number {
  return toSafeNumber(milliseconds / 1000n);
}
