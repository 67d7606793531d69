import type { Settlement } from "./settlement.ts";

/** Which records a settlement applied, and what it posted: enough to tell whether they would be posted again. */
export interface SettledBatch {
  /** 16 bytes. */
  readonly batchId: Uint8Array;
  /** 16 bytes. */
  readonly journalId: Uint8Array;
  /** Sequence number of the first record that it applied. */
  readonly fromSeq: number;
  /** Sequence number behind the last one; the same as `fromSeq` when an operator gave the journal up. */
  readonly nextSeq: number;
  readonly calls: CallSet;
}

/** Calls as a set: two of the same size and mark are the same but for one chance in 2^128. */
export interface CallSet {
  readonly count: number;
  /** All request ids, exclusive-or: 16 bytes. */
  readonly mark: Uint8Array;
  /** The lowest request id and the highest, 16 bytes; zeros when there is no call. */
  readonly first: Uint8Array;
  readonly last: Uint8Array;
}

const idBytes = 16;

/** What to remember of a settlement. */
export function settledBatchOf(
  { batchId, journalId, calls }: Pick<Settlement, "batchId" | "journalId" | "calls">,
  stretch: Pick<SettledBatch, "fromSeq" | "nextSeq">,
): SettledBatch {
  const { fromSeq, nextSeq } = stretch;
  const ids = calls.map(({ requestId }) => requestId);
  return { batchId, journalId, fromSeq, nextSeq, calls: callSetOf(ids) };
}

/** The set of these request ids, in any order. */
export function callSetOf(requestIds: readonly Uint8Array[]): CallSet {
  const mark = new Uint8Array(idBytes);
  let first = requestIds[0] ?? mark;
  let last = first;
  for (const id of requestIds) {
    for (let index = 0; index < idBytes; index += 1) {
      mark[index] = (mark[index] ?? 0) ^ (id[index] ?? 0);
    }
    first = Buffer.compare(id, first) < 0 ? id : first;
    last = Buffer.compare(id, last) > 0 ? id : last;
  }
  return { count: requestIds.length, mark, first, last };
}

/** True for the same calls. */
export function isSameSet(left: CallSet, right: CallSet): boolean {
  return left.count === right.count && Buffer.compare(left.mark, right.mark) === 0;
}
