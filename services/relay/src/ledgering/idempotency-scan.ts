/** Finds the calls of earlier processes that were made with a key of idempotency and billed: newest segments first, within bounds. */
import { fromBinary } from "@bufbuild/protobuf";
import { formatUuid } from "@tollgate/kit/ids/uuid-v7";
import type { JournalRecord } from "@tollgate/proto/quota/v1/journal_record";
import { JournalRecordSchema } from "@tollgate/proto/quota/v1/journal_record";
import { nodeFiles } from "#ledgering/journal-files.ts";
import type { Segment } from "#ledgering/journal-segment.ts";
import { listSegments, readSegment } from "#ledgering/journal-segment.ts";

/** A billed call with a key. */
export interface KeyedCall {
  readonly hash: Uint8Array;
  readonly requestId: string;
  readonly startedAtMs: number;
}

export interface KeyedCallScan {
  readonly folder: string;
  /** Milliseconds since 1970; older calls are of no interest. */
  readonly notBeforeMs: number;
  /** Segments that are read. */
  readonly segmentsMax: number;
  readonly onCall: (call: KeyedCall) => void;
  readonly signal: AbortSignal;
}

export async function scanKeyedCalls(scan: KeyedCallScan): Promise<void> {
  const segments = await listSegments(scan.folder, nodeFiles);
  for (const segment of segments.slice(-scan.segmentsMax).toReversed()) {
    if (!(await scanSegment(segment, scan))) {
      return;
    }
  }
}

// The first byte of an END, and how a hash in its start begins: tag and length.
const endTag = 0x1a;
const hashMark = Buffer.from([0x92, 0x01, 0x10]);

/** False when everything older is of no interest. */
async function scanSegment(segment: Segment, scan: KeyedCallScan): Promise<boolean> {
  let firstEndMs: number | undefined;
  for await (const { records } of readSegment(nodeFiles, segment)) {
    if (scan.signal.aborted) {
      return false;
    }
    for (const { payload } of records) {
      const mayMatter = firstEndMs === undefined || bytesOf(payload).includes(hashMark);
      if (payload[0] === endTag && mayMatter) {
        const call = readEnd(fromBinary(JournalRecordSchema, payload));
        firstEndMs ??= call.startedAtMs;
        if (call.isBilled && call.hash.length > 0 && call.startedAtMs >= scan.notBeforeMs) {
          scan.onCall(call);
        }
      }
    }
  }
  return firstEndMs === undefined || firstEndMs >= scan.notBeforeMs;
}

function readEnd({ record }: JournalRecord): KeyedCall & { readonly isBilled: boolean } {
  const end = record.case === "ended" ? record.value : undefined;
  const requestId = end?.start?.requestId;
  return {
    hash: end?.start?.idempotencyHash ?? new Uint8Array(),
    requestId: requestId === undefined ? "" : formatUuid(requestId),
    startedAtMs: Number(end?.start?.startedAtMs ?? 0n),
    isBilled: (end?.usage?.calls ?? 0) > 0,
  };
}

function bytesOf(payload: Uint8Array): Buffer {
  return Buffer.from(payload.buffer, payload.byteOffset, payload.length);
}
