/**
 * Reads columns of raw rows. One engine hands a 64-bit integer over as a number, another as a text, a third as a bigint;
 * these readers accept all three and never accept a rounded one.
 */
import type { NanoUsd } from "../money/nano-usd.ts";
import { nanoUsd } from "../money/nano-usd.ts";

/** A whole number of any size, exactly. Throws a `TypeError` for null, fractions and rounded numbers. */
export function bigintColumn(value: unknown): bigint {
  if (typeof value === "bigint") {
    return value;
  }
  if (typeof value === "number" && Number.isSafeInteger(value)) {
    return BigInt(value);
  }
  if (typeof value === "string" && /^-?\d+$/u.test(value)) {
    return BigInt(value);
  }
  throw new TypeError(`the column does not hold a whole number but a ${typeof value}`);
}

/** A whole number below 2^53. Throws a `TypeError` for anything else. */
export function integerColumn(value: unknown): number {
  const number = Number(bigintColumn(value));
  if (!Number.isSafeInteger(number)) {
    throw new TypeError("the column holds a number beyond 2^53");
  }
  return number;
}

/** An amount of money. Throws a `TypeError` for anything but a whole number. */
export function moneyColumnValue(value: unknown): NanoUsd {
  return nanoUsd(bigintColumn(value));
}

/** A text. Throws a `TypeError` for anything else. */
export function textColumn(value: unknown): string {
  if (typeof value === "string") {
    return value;
  }
  throw new TypeError(`the column does not hold a text but a ${typeof value}`);
}

/** A switch, stored as 0 or 1 or as the engine's own boolean. */
export function booleanColumn(value: unknown): boolean {
  return value === true || (value !== false && bigintColumn(value) !== 0n);
}

/** Bytes. Throws a `TypeError` for anything else. */
export function bytesColumn(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) {
    return value;
  }
  throw new TypeError(`the column does not hold bytes but a ${typeof value}`);
}
