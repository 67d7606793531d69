/** Who takes part in every run. */
import { formatUuid } from "@tollgate/kit/ids/uuid-v7";

export const usersMax = 4;
export const startMs = 1_780_000_000_000;

/** A key without a cap. */
export function keyOf(userId: number): number {
  return 100 + userId;
}

/** A key with one. */
export function cappedKeyOf(userId: number): number {
  return 200 + userId;
}

/** The journal of a relay: fixed, so that rows have the same order in every run of a seed. */
export function journalIdOf(relay: number): Uint8Array {
  const id = new Uint8Array(16);
  id.set([1, 2, 3, 4, 5, 6, 0x70, 0, 0x80]);
  id[15] = relay + 1;
  return id;
}

export function journalTextOf(relay: number): string {
  return formatUuid(journalIdOf(relay));
}
