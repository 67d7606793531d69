import { formatNano } from "./number-format";

const NANO_DIGITS = 9;

/** Reads dollars that a person typed, to the last nano-dollar; undefined for anything else, such as a tenth decimal. */
export function parseNano(text: string): bigint | undefined {
  const cleaned = text.trim().replace(/^\$/, "").replaceAll(",", "");
  const match = /^(\d{1,9})(?:\.(\d{1,9}))?$/.exec(cleaned);
  if (!match) return undefined;
  return BigInt((match[1] ?? "") + (match[2] ?? "").padEnd(NANO_DIGITS, "0"));
}

/** Nano-dollars as a person would type them: 12500000000 is "12.50". */
export function plainDollars(nanos: bigint): string {
  return formatNano(String(nanos)).replace(/[$,]/g, "");
}

/** Nano-dollars from the wire; what is absent or no number is none. */
export function toNanos(digits: string | undefined): bigint {
  return digits !== undefined && /^-?\d+$/.test(digits) ? BigInt(digits) : 0n;
}
