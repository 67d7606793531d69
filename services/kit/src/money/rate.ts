/**
 * The price of a call: sum of units times price, times every multiplier, rounded up once, at the very end. Rounding up is
 * monotone, so an estimate that bounds every line of units also bounds the price.
 */
import type { Multiplier } from "./multiplier.ts";
import type { NanoUsd } from "./nano-usd.ts";
import { nanoUsd } from "./nano-usd.ts";

/** So many units (tokens, calls, images, seconds) at so many pico-USD each. */
export interface RatedLine {
  readonly units: bigint;
  readonly picoUsdPerUnit: bigint;
}

const picosPerNano = 1000n;
const picosPerNanoNumber = 1000;

/** The exact price, rounded up to a whole nano-USD. Throws a `RangeError` beyond 64 bits. */
export function rateNanoUsd(lines: readonly RatedLine[], multiplier: Multiplier): NanoUsd {
  let numerator = 0n;
  for (const { units, picoUsdPerUnit } of lines) {
    numerator += units * picoUsdPerUnit;
  }
  numerator *= multiplier.exactNumerator;
  const denominator = picosPerNano * multiplier.exactDenominator;
  const quotient = numerator / denominator;
  return nanoUsd(numerator > 0n && numerator % denominator !== 0n ? quotient + 1n : quotient);
}

/**
 * The same for a sum of units times price in machine numbers. `undefined` = it does not stay below 2^53 and may have been rounded.
 * Products and sums of numbers of at least 0 only grow: when the last is exact, so were all before it. A multiplier of 0 gives 0
 * either way.
 */
export function ratePicos(picos: number, multiplier: Multiplier): NanoUsd | undefined {
  const numerator = picos * multiplier.numerator;
  const denominator = picosPerNanoNumber * multiplier.denominator;
  if (numerator > Number.MAX_SAFE_INTEGER || denominator > Number.MAX_SAFE_INTEGER) {
    return undefined;
  }
  const remainder = numerator % denominator;
  const quotient = (numerator - remainder) / denominator;
  return nanoUsd(BigInt(remainder > 0 ? quotient + 1 : quotient));
}
