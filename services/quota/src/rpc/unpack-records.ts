import { fault } from "#domain/faults.ts";
import type { ShippedRecord } from "#usecases/settlement/ship-records.ts";
import { decodeJournalRecord } from "./decode-journal-record.ts";

// Place behind the first record, length.
const headerBytes = 8;

/**
 * The records of `ShipRequest.packed_records`, whose places must grow within the given stretch of the journal. Throws
 * RECORD_UNREADABLE.
 */
export function unpackRecords(
  packed: Uint8Array,
  { fromSeq, nextSeq }: { readonly fromSeq: number; readonly nextSeq: number },
): readonly ShippedRecord[] {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  const records: ShippedRecord[] = [];
  let position = 0;
  let lowest = fromSeq;
  while (position < bytes.length) {
    const start = position + headerBytes;
    if (start > bytes.length) {
      throw fault("RECORD_UNREADABLE");
    }
    const seq = fromSeq + bytes.readUInt32LE(position);
    position = start + bytes.readUInt32LE(position + 4);
    if (seq < lowest || seq >= nextSeq || position > bytes.length) {
      throw fault("RECORD_UNREADABLE");
    }
    lowest = seq + 1;
    records.push({ seq, entry: decodeJournalRecord(bytes.subarray(start, position)) });
  }
  return records;
}
