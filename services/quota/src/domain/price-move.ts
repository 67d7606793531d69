import type { PriceVector } from "./price.ts";
import { picoUsdPerRatio, scalePrice } from "./price.ts";
import type { Ratio } from "./ratio.ts";
import { scaleByRatios } from "./ratio.ts";

const one: Ratio = { numerator: 1n, denominator: 1n };

/** The same price with the input and output that ratios say. Every part is computed from the exact ratio and rounded once. */
export function movePrice(
  base: PriceVector,
  ratio: Ratio | undefined,
  completion: Ratio | undefined,
): PriceVector {
  const exactInput =
    ratio === undefined ? wholeRatio(base.input) : timesWhole(ratio, picoUsdPerRatio);
  const input = scaleByRatios(1n, [exactInput]);
  const inputScale = base.input === 0n ? one : dividedBy(exactInput, base.input);
  const output = scaleByRatios(
    1n,
    completion === undefined ? [wholeRatio(base.output), inputScale] : [exactInput, completion],
  );
  if (input === base.input && output === base.output) {
    return base;
  }
  const outputScale =
    completion === undefined || base.output === 0n
      ? inputScale
      : dividedBy(timesRatio(exactInput, completion), base.output);
  const moved = scalePrice(base, { input: inputScale, output: outputScale });
  // Nothing has a proportion to zero.
  return { ...moved, input, output };
}

function wholeRatio(value: bigint): Ratio {
  return { numerator: value, denominator: 1n };
}

function timesWhole({ numerator, denominator }: Ratio, factor: bigint): Ratio {
  return { numerator: numerator * factor, denominator };
}

function timesRatio(left: Ratio, right: Ratio): Ratio {
  return {
    numerator: left.numerator * right.numerator,
    denominator: left.denominator * right.denominator,
  };
}

function dividedBy({ numerator, denominator }: Ratio, divisor: bigint): Ratio {
  return { numerator, denominator: denominator * divisor };
}
