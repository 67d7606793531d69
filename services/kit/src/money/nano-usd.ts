/**
 * Money is a whole number of nano-USD (billionths of a US dollar) in a bigint that fits a signed 64-bit column:
 * plus or minus 9.22 billion dollars. Never a float. Divisions name their rounding.
 */
import type { Branded } from "../ids/branded.ts";

/** An exact amount of money; 1 USD is 1,000,000,000. */
export type NanoUsd = Branded<bigint, "NanoUsd">;

const int64Max = 2n ** 63n - 1n;
const int64Min = -(2n ** 63n);
const nanosPerUsd = 1_000_000_000n;
const nanosPerQuotaUnit = 2000n;
const nanoDigits = 9;

/** The one constructor. Throws a `RangeError` for an amount that no column can hold. */
export function nanoUsd(nanos: bigint): NanoUsd {
  if (nanos > int64Max || nanos < int64Min) {
    throw new RangeError(`${nanos} nano-USD does not fit 64 bits`);
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one place where the brand is given
  return nanos as NanoUsd;
}

/** No money. */
export const ZERO: NanoUsd = nanoUsd(0n);

/** left + right. Throws a `RangeError` beyond 64 bits. */
export function addNano(left: NanoUsd, right: NanoUsd): NanoUsd {
  return nanoUsd(left + right);
}

/** left - right. Throws a `RangeError` beyond 64 bits. */
export function subtractNano(left: NanoUsd, right: NanoUsd): NanoUsd {
  return nanoUsd(left - right);
}

/** The smaller amount. */
export function minNano(left: NanoUsd, right: NanoUsd): NanoUsd {
  return left < right ? left : right;
}

/** The larger amount. */
export function maxNano(left: NanoUsd, right: NanoUsd): NanoUsd {
  return left > right ? left : right;
}

/** One API's quota units (1/500,000 USD) as money, exactly. */
export function quotaUnitsToNano(quotaUnits: bigint): NanoUsd {
  return nanoUsd(quotaUnits * nanosPerQuotaUnit);
}

/** Money as One API's quota units, rounded toward minus infinity: what is shown is never more than what is there. */
export function nanoToQuotaUnits(amount: NanoUsd): bigint {
  return floorDivide(amount, nanosPerQuotaUnit);
}

/** "-12.34" for `digits` 2: dollars rounded half away from zero, 0 to 9 digits, no sign of currency. For people only. */
export function formatUsd(amount: NanoUsd, digits: number): string {
  if (!Number.isInteger(digits) || digits < 0 || digits > nanoDigits) {
    throw new RangeError("digits must be a whole number from 0 to 9");
  }
  const step = 10n ** BigInt(nanoDigits - digits);
  const nanos: bigint = amount;
  const magnitude = nanos < 0n ? -nanos : nanos;
  const steps = (magnitude + step / 2n) / step;
  const stepsPerUsd = nanosPerUsd / step;
  const whole = (steps / stepsPerUsd).toString();
  const sign = amount < 0n && steps > 0n ? "-" : "";
  if (digits === 0) {
    return `${sign}${whole}`;
  }
  const fraction = (steps % stepsPerUsd).toString().padStart(digits, "0");
  return `${sign}${whole}.${fraction}`;
}

function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend < 0n && dividend % divisor !== 0n ? quotient - 1n : quotient;
}
