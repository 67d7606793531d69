const pattern = /^(-?)(\d{1,10})(?:\.(\d+))?$/u;
const nanoDigits = 9;

/** A decimal amount as nano-USD, exact to nine digits; what lies beyond is cut off. Throws a `RangeError` for other texts. */
export function nanosOfDecimal(text: string): bigint {
  const [, sign, whole = "", fraction = ""] = pattern.exec(text) ?? [];
  if (sign === undefined) {
    throw new RangeError("not a decimal amount");
  }
  const nanos = BigInt(whole + fraction.slice(0, nanoDigits).padEnd(nanoDigits, "0"));
  return sign === "-" ? -nanos : nanos;
}
