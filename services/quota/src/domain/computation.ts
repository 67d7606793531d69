/** How the amount of a call comes about, line by line, in exact figures: what {@link costOf} does, told so that anybody can do it again. */
import type { Multiplier } from "@tollgate/kit/money/multiplier";
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import { ZERO } from "@tollgate/kit/money/nano-usd";
import type { PricePart, PriceVector } from "./price.ts";
import { priceFor } from "./price.ts";
import { costNanosMax, costOf, usageBuckets } from "./rating.ts";
import type { Usage } from "./usage.ts";
import { isFreeBasis, promptTokensOf } from "./usage.ts";

/** One line: so many units at so much. */
export interface ComputationLine {
  readonly part: PricePart;
  readonly units: number;
  readonly picoUsdPerUnit: bigint;
  readonly picoUsd: bigint;
}

/** The sum of the lines, times the multiplier, in nano-USD, rounded up once. */
export interface Computation {
  /** Lines with units only. */
  readonly lines: readonly ComputationLine[];
  readonly promptTokens: number;
  /** Threshold of the tier that applies; 0 = the base price. */
  readonly tierAbovePromptTokens: number;
  readonly tierThresholds: readonly number[];
  readonly sumPicoUsd: bigint;
  /** Nano-USD as a fraction in lowest terms. */
  readonly exactNumerator: bigint;
  readonly exactDenominator: bigint;
  /** The fraction as a decimal text; it is finite, for prices and multipliers are. */
  readonly exactNanos: string;
  /** What rounding up added, nano-USD, as a decimal text. "0" for amounts that are not the rounded result. */
  readonly roundingNanos: string;
  /** The result was above {@link costNanosMax}. */
  readonly isCapped: boolean;
  /** Under its basis the call costs nothing. */
  readonly isFree: boolean;
  /** What {@link costOf} says, or nothing under a free basis. */
  readonly amountNanos: NanoUsd;
}

const picosPerNano = 1000n;

/** Computes a call once more. `amountNanos` is computed by the code that settles calls; the exact figures beside it are not. */
export function computationOf(
  { usage, basis }: { readonly usage: Usage; readonly basis: number },
  { price, multiplier }: { readonly price: PriceVector; readonly multiplier: Multiplier },
): Computation {
  const promptTokens = promptTokensOf(usage);
  const applied = priceFor(price, promptTokens);
  const lines = linesOf(usage, applied);
  const sumPicoUsd = lines.reduce((sum, { picoUsd }) => sum + picoUsd, 0n);
  const exact = inLowestTerms(
    sumPicoUsd * multiplier.exactNumerator,
    picosPerNano * multiplier.exactDenominator,
  );
  const isFree = isFreeBasis(basis);
  const roundedUp = (exact.numerator + exact.denominator - 1n) / exact.denominator;
  const isCapped = roundedUp > costNanosMax;
  const rounding = roundedUp * exact.denominator - exact.numerator;
  return {
    lines,
    promptTokens,
    tierAbovePromptTokens:
      price.tiers.findLast((tier) => tier.price === applied)?.abovePromptTokens ?? 0,
    tierThresholds: price.tiers.map(({ abovePromptTokens }) => abovePromptTokens),
    sumPicoUsd,
    exactNumerator: exact.numerator,
    exactDenominator: exact.denominator,
    exactNanos: decimalOf(exact.numerator, exact.denominator),
    roundingNanos: isFree || isCapped ? "0" : decimalOf(rounding, exact.denominator),
    isCapped,
    isFree,
    amountNanos: isFree ? ZERO : costOf(usage, price, multiplier),
  };
}

function linesOf(usage: Usage, price: PriceVector): readonly ComputationLine[] {
  return (
    usageBuckets
      // Every call counts as one; where calls have no price of their own that tells nothing.
      .filter(([bucket, part]) => usage[bucket] > 0 && (part !== "call" || price.call > 0n))
      .map(([bucket, part]) => ({
        part,
        units: usage[bucket],
        picoUsdPerUnit: price[part],
        picoUsd: BigInt(usage[bucket]) * price[part],
      }))
  );
}

function inLowestTerms(
  numerator: bigint,
  denominator: bigint,
): { readonly numerator: bigint; readonly denominator: bigint } {
  let [larger, smaller] = [numerator, denominator];
  while (smaller !== 0n) {
    [larger, smaller] = [smaller, larger % smaller];
  }
  return { numerator: numerator / larger, denominator: denominator / larger };
}

// A thousand picos a nano and two multipliers in millionths: fifteen digits are always enough.
const digitsMax = 15;

/** A fraction whose denominator divides a power of ten. */
function decimalOf(numerator: bigint, denominator: bigint): string {
  const scale = 10n ** BigInt(digitsMax);
  if (scale % denominator !== 0n) {
    throw new RangeError("the fraction has no finite decimal text of 15 digits");
  }
  const scaled = numerator * (scale / denominator);
  const digits = (scaled % scale).toString().padStart(digitsMax, "0").replace(/0+$/u, "");
  const whole = (scaled / scale).toString();
  return digits === "" ? whole : `${whole}.${digits}`;
}
