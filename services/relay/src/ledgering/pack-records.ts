// Place behind the first record, length.
const headerBytes = 8;

/** Consecutive records, `undefined` = left out, as `ShipRequest.packed_records` has them. */
export function packRecords(records: readonly (Uint8Array | undefined)[]): Uint8Array<ArrayBuffer> {
  let length = 0;
  for (const record of records) {
    length += record === undefined ? 0 : headerBytes + record.length;
  }
  const packed = Buffer.allocUnsafeSlow(length);
  let position = 0;
  for (const [index, record] of records.entries()) {
    if (record !== undefined) {
      packed.writeUInt32LE(index, position);
      packed.writeUInt32LE(record.length, position + 4);
      packed.set(record, position + headerBytes);
      position += headerBytes + record.length;
    }
  }
  return packed;
}
