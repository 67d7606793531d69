/** What a price is multiplied by: one exact fraction, whatever number of multipliers it came from. */

/** An exact multiplier in lowest terms. */
export interface Multiplier {
  readonly exactNumerator: bigint;
  readonly exactDenominator: bigint;
  /** The same as machine numbers. One beyond 2^53 is rounded, but then so is every product with it, which {@link ratePicos} sees. */
  readonly numerator: number;
  readonly denominator: number;
  /** Parts per million, rounded to the nearest: for people and logs. */
  readonly ppm: number;
}

const ppmOne = 1_000_000n;

/** The product of multipliers in parts per million, each at least 0; of none it is 1. */
export function multiplierOf(...multipliersPpm: readonly bigint[]): Multiplier {
  let numerator = 1n;
  let denominator = 1n;
  for (const ppm of multipliersPpm) {
    numerator *= ppm;
    denominator *= ppmOne;
  }
  const divisor = greatestDivisor(numerator, denominator);
  const exactNumerator = numerator / divisor;
  const exactDenominator = denominator / divisor;
  return Object.freeze({
    exactNumerator,
    exactDenominator,
    numerator: Number(exactNumerator),
    denominator: Number(exactDenominator),
    ppm: Number((exactNumerator * ppmOne * 2n + exactDenominator) / (exactDenominator * 2n)),
  });
}

/** Changes nothing. */
export const unitMultiplier: Multiplier = multiplierOf();

function greatestDivisor(left: bigint, right: bigint): bigint {
  let [larger, smaller] = [left, right];
  while (smaller !== 0n) {
    [larger, smaller] = [smaller, larger % smaller];
  }
  return larger;
}
