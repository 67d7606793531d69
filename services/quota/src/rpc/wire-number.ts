import { fault } from "#domain/faults.ts";

/** An id or count of a message. Throws REQUEST_INVALID for a negative number or one beyond 2^53. */
export function numberFromWire(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 0) {
    throw fault("REQUEST_INVALID");
  }
  return number;
}

/** An id that may be 0 for "none" or "all". */
export function optionalIdFromWire(value: bigint): number | undefined {
  const number = numberFromWire(value);
  return number === 0 ? undefined : number;
}

/** A moment in seconds that may be -1 for "never". */
export function expiryFromWire(value: bigint): number {
  return value === -1n ? -1 : numberFromWire(value);
}
