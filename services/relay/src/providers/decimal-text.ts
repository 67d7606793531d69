/** An exact decimal: `units` / 10^`scale`. */
interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

const DECIMAL = /^([+-]?)(\d{1,30})(?:\.(\d{1,30}))?(?:e([+-]?\d{1,2}))?$/iu;

/**
 * The amount as plain decimal text, such as `-12.5`; undefined for what is no amount. A JSON number is taken by its
 * shortest decimal form, which is the one that the upstream wrote for every amount of up to 15 digits.
 */
export function decimalText(value: unknown): string | undefined {
  const decimal = decimalOf(value);
  return decimal === undefined ? undefined : render(decimal);
}

/** `minuend` - `subtrahend` / `divisor`, exact; the divisor is a power of ten. Undefined if one is no amount. */
export function subtractDecimals(
  minuend: unknown,
  subtrahend: unknown,
  divisorExponent = 0,
): string | undefined {
  const left = decimalOf(minuend);
  const right = decimalOf(subtrahend);
  if (left === undefined || right === undefined) {
    return undefined;
  }
  const scaled = { units: right.units, scale: right.scale + divisorExponent };
  const scale = Math.max(left.scale, scaled.scale);
  return render({ units: unitsAt(left, scale) - unitsAt(scaled, scale), scale });
}

function decimalOf(value: unknown): Decimal | undefined {
  const isAmount =
    typeof value === "string" || (typeof value === "number" && Number.isFinite(value));
  const match = isAmount ? DECIMAL.exec(String(value).trim()) : null;
  if (match === null) {
    return undefined;
  }
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const digits = BigInt(whole + fraction);
  const scale = fraction.length - Number(exponent);
  const units = sign === "-" ? -digits : digits;
  return scale < 0 ? { units: units * 10n ** BigInt(-scale), scale: 0 } : { units, scale };
}

function unitsAt(decimal: Decimal, scale: number): bigint {
  return decimal.units * 10n ** BigInt(scale - decimal.scale);
}

function render({ units, scale }: Decimal): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/u, "");
  const text = fraction === "" ? whole : `${whole}.${fraction}`;
  return units < 0n ? `-${text}` : text;
}
