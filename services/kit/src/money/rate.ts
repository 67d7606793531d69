/**
 * The price of a call: sum of units times price, times every multiplier, rounded up once, at the very end. Rounding up is
 * monotone, so an estimate that bounds every line of units also bounds the price.
 */
import type { NanoUsd } from "./nano-usd.ts";
import { nanoUsd } from "./nano-usd.ts";

/** So many units (tokens, calls, images, seconds) at so many pico-USD each. */
export interface RatedLine {
  readonly units: bigint;
  readonly picoUsdPerUnit: bigint;
}

const picosPerNano = 1000n;
const ppmOne = 1_000_000n;

/** The exact price, rounded up to a whole nano-USD. Multipliers are parts per million; 1,000,000 changes nothing. */
export function rateNanoUsd(
  lines: readonly RatedLine[],
  multipliersPpm: readonly bigint[],
): NanoUsd {
  let numerator = 0n;
  for (const { units, picoUsdPerUnit } of lines) {
    numerator += units * picoUsdPerUnit;
  }
  let denominator = picosPerNano;
  for (const multiplier of multipliersPpm) {
    numerator *= multiplier;
    denominator *= ppmOne;
  }
  const quotient = numerator / denominator;
  return nanoUsd(numerator > 0n && numerator % denominator !== 0n ? quotient + 1n : quotient);
}

/** The same result as {@link rateNanoUsd}, in machine numbers whenever every step stays below 2^53. */
export function rateNanoUsdFast(
  lines: readonly RatedLine[],
  multipliersPpm: readonly bigint[],
): NanoUsd {
  let numerator = 0;
  for (const { units, picoUsdPerUnit } of lines) {
    numerator += Number(units) * Number(picoUsdPerUnit);
  }
  let denominator = 1000;
  for (const multiplier of multipliersPpm) {
    if (multiplier !== ppmOne) {
      numerator *= Number(multiplier);
      denominator *= 1_000_000;
    }
  }
  // Products and sums of non-negative integers whose final value is exact were exact all along: they only grow,
  // except through a multiplier of 0, whose result is 0 either way.
  const isExact =
    numerator >= 0 &&
    numerator <= Number.MAX_SAFE_INTEGER &&
    denominator <= Number.MAX_SAFE_INTEGER &&
    lines.every(isNonNegative);
  if (!isExact) {
    return rateNanoUsd(lines, multipliersPpm);
  }
  const remainder = numerator % denominator;
  const quotient = (numerator - remainder) / denominator;
  return nanoUsd(BigInt(remainder > 0 ? quotient + 1 : quotient));
}

function isNonNegative({ units, picoUsdPerUnit }: RatedLine): boolean {
  return units >= 0n && picoUsdPerUnit >= 0n;
}
