/** Records as they are shipped: packed by the relay, unpacked by quota. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { isFault } from "@tollgate/kit/fault/fault";
import { unpackRecords } from "../../services/quota/src/rpc/unpack-records.ts";
import type { RecordContent } from "../../services/relay/src/ledgering/encode-record.ts";
import { encodeRecord } from "../../services/relay/src/ledgering/encode-record.ts";
import { packRecords } from "../../services/relay/src/ledgering/pack-records.ts";
import { RecordWriter } from "../../services/relay/src/ledgering/record-writer.ts";

const uint = fc.integer({ min: 1, max: 0xffff_ffff });
const content: fc.Arbitrary<RecordContent> = fc.oneof(
  fc.record({ kind: fc.constant("released" as const), epoch: uint, leaseNo: uint }),
  fc.record({
    kind: fc.constant("returned" as const),
    epoch: uint,
    leaseNo: uint,
    amountNanos: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  }),
  fc.record({ kind: fc.constant("epoch-ended" as const), epoch: uint }),
);
const records = fc.array(fc.option(content, { nil: undefined }), { maxLength: 40 });
const fromSeq = fc.integer({ min: 0, max: 2 ** 40 });

function encode(record: RecordContent | undefined): Uint8Array | undefined {
  if (record === undefined) {
    return undefined;
  }
  const writer = new RecordWriter(Buffer.alloc(1024));
  encodeRecord(writer, record);
  return writer.bytes.subarray(0, writer.position);
}

/** As quota knows it. */
function entryOf(record: RecordContent): object {
  return record.kind === "returned"
    ? { ...record, amountNanos: BigInt(record.amountNanos) }
    : { ...record };
}

test("what is packed comes out, each record at its place, and what was left out stays out", () => {
  fc.assert(
    fc.property(records, fromSeq, (contents, first) => {
      const stretch = { fromSeq: first, nextSeq: first + contents.length };
      const found = unpackRecords(packRecords(contents.map(encode)), stretch);
      const expected = contents.flatMap((record, index) =>
        record === undefined ? [] : [{ seq: first + index, entry: entryOf(record) }],
      );
      assert.deepEqual(found, expected);
    }),
  );
});

test("a batch that was cut or changed on its way is refused as unreadable, or its records are whole", () => {
  fc.assert(
    fc.property(
      records,
      fc.nat(),
      fc.option(fc.nat(), { nil: undefined }),
      (contents, at, flip) => {
        const packed = packRecords(contents.map(encode));
        const cut = Buffer.from(packed.subarray(0, at % (packed.length + 1)));
        if (flip !== undefined && cut.length > 0) {
          const place = flip % cut.length;
          cut[place] = (cut[place] ?? 0) ^ 0x10;
        }
        try {
          const found = unpackRecords(cut, { fromSeq: 0, nextSeq: contents.length });
          assert.ok(found.every(({ seq }) => seq >= 0 && seq < contents.length));
        } catch (error) {
          assert.ok(isFault(error, "RECORD_UNREADABLE"), String(error));
        }
      },
    ),
  );
});
