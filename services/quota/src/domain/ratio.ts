/**
 * One API's ratios as exact fractions. They arrive as decimal text and become integers (pico-USD, parts per million) by one
 * multiplication and one rounding; no binary float ever takes part in a price.
 */

/** A number of at least 0, exactly. */
export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** Ratios by name, or by `name(channelType)`. */
export type RatioTable = ReadonlyMap<string, Ratio>;

/** The same as decimal text, as it is stored. */
export type RatioTexts = Readonly<Record<string, string>>;

const digitsMax = 40;
const decimalPattern = /^(\d{1,32})(?:\.(\d{1,40}))?(?:[eE](\+?\d{1,2}|-\d{1,3}))?$/u;

/** Reads "0.075", "30", "2.5e-05" or a quotient of two of them such as "4/3". Throws a `RangeError` for anything else. */
export function parseRatio(text: string): Ratio {
  const [dividend = "", divisor, ...rest] = text.split("/");
  if (rest.length > 0) {
    throw new RangeError("not a ratio");
  }
  const upper = parseDecimal(dividend);
  if (divisor === undefined) {
    return upper;
  }
  const lower = parseDecimal(divisor);
  if (lower.numerator === 0n) {
    throw new RangeError("not a ratio");
  }
  return {
    numerator: upper.numerator * lower.denominator,
    denominator: upper.denominator * lower.numerator,
  };
}

/** Reads a table of decimal texts. */
export function ratioTable(texts: RatioTexts): RatioTable {
  return new Map(Object.entries(texts).map(([name, text]) => [name, parseRatio(text)]));
}

/** unit × every ratio, rounded to the nearest whole number once (half up). */
export function scaleByRatios(unit: bigint, ratios: readonly Ratio[]): bigint {
  let numerator = unit;
  let denominator = 1n;
  for (const ratio of ratios) {
    numerator *= ratio.numerator;
    denominator *= ratio.denominator;
  }
  return (numerator * 2n + denominator) / (denominator * 2n);
}

/**
 * Reads a JSON object of numbers by name and keeps each number's digits as they were written. Throws a `RangeError` unless it is
 * an object of numbers of at least 0.
 */
export function parseRatioJson(json: string): RatioTexts {
  // A text that looks like a number is none.
  const parsed = parseWithDigits(json, () => null);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new RangeError("not a JSON object");
  }
  const texts: Record<string, string> = {};
  for (const [name, text] of Object.entries(parsed)) {
    if (typeof text !== "string" || !decimalPattern.test(text)) {
      throw new RangeError("not a number of at least 0");
    }
    texts[name] = text;
  }
  return texts;
}

/** Reads JSON and answers its numbers as the texts that were written. What becomes of its texts the caller says. */
export function parseWithDigits(json: string, ofText: (text: string) => unknown): unknown {
  const digits = (...[, value, context]: readonly unknown[]): unknown => {
    if (typeof value === "string") {
      return ofText(value);
    }
    return typeof value === "number" && hasSource(context) ? context.source : value;
  };
  return JSON.parse(json, digits);
}

/** numerator / denominator as a decimal text, exact where 40 digits are enough, else rounded. */
export function formatRatio({ numerator, denominator }: Ratio): string {
  const scaled = scaleByRatios(10n ** BigInt(digitsMax), [{ numerator, denominator }]).toString();
  const padded = scaled.padStart(digitsMax + 1, "0");
  const fraction = padded.slice(-digitsMax).replace(/0+$/u, "");
  const whole = padded.slice(0, -digitsMax);
  return fraction === "" ? whole : `${whole}.${fraction}`;
}

/** The JSON object that {@link parseRatioJson} reads, sorted by name, one entry a line. */
export function formatRatioJson(texts: RatioTexts): string {
  const lines = Object.entries(texts)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, text]) => `  ${JSON.stringify(name)}: ${text}`);
  return lines.length === 0 ? "{}" : `{\n${lines.join(",\n")}\n}`;
}

function parseDecimal(text: string): Ratio {
  const match = decimalPattern.exec(text);
  if (match === null) {
    throw new RangeError("not a ratio");
  }
  const [, whole = "", fraction = "", exponentText = "0"] = match;
  const exponent = Number(exponentText) - fraction.length;
  const digits = BigInt(whole + fraction);
  return exponent >= 0
    ? { numerator: digits * 10n ** BigInt(exponent), denominator: 1n }
    : { numerator: digits, denominator: 10n ** BigInt(-exponent) };
}

function hasSource(context: unknown): context is { readonly source: string } {
  return (
    typeof context === "object" &&
    context !== null &&
    "source" in context &&
    typeof context.source === "string"
  );
}
