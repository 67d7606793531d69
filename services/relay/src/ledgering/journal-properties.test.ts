/** What must be true of any journal on any disk, tried on drawn ones. A failure prints its seed and the smallest case. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32 } from "node:zlib";
import * as fc from "fast-check";
import type { RecordContent } from "#ledgering/encode-record.ts";
import { encodeRecord } from "#ledgering/encode-record.ts";
import type { JournalFiles } from "#ledgering/journal-files.ts";
import {
  frameHeaderBytes,
  readSegment,
  segmentHeader,
  segmentHeaderBytes,
} from "#ledgering/journal-segment.ts";
import { RecordWriter } from "#ledgering/record-writer.ts";
import { aCallEnd, aCallStart, aCallUsage } from "#ledgering/testing/a-call.ts";

const text = fc.string({ unit: "binary", maxLength: 40 });
const uint = fc.integer({ min: 0, max: 0xffff_ffff });
const content: fc.Arbitrary<RecordContent> = fc.oneof(
  fc
    .record({ model: text, userId: uint, leaseNo: uint })
    .map((fields) => ({ kind: "started" as const, start: aCallStart(fields) })),
  fc.boolean().map((isLong) => ({
    kind: "checkpoint" as const,
    start: aCallStart(),
    usage: aCallUsage,
    isLong,
  })),
  fc
    .record({ upstreamId: text, costNanos: fc.bigInt({ min: 0n, max: 2n ** 60n }) })
    .map((fields) => ({ kind: "ended" as const, start: aCallStart(), end: aCallEnd(fields) })),
  fc.record({ kind: fc.constant("released" as const), epoch: uint, leaseNo: uint }),
  fc.record({ kind: fc.constant("epoch-ended" as const), epoch: uint }),
);
const contents = fc.array(content, { minLength: 1, maxLength: 12 });

interface Written {
  readonly bytes: Buffer;
  readonly payloads: readonly Buffer[];
  /** Where each record ends. */
  readonly ends: readonly number[];
}

const path = "0000000000000007.journal";
const firstSeq = 7;

function write(records: readonly RecordContent[]): Written {
  const payloads = records.map((record) => {
    const writer = new RecordWriter(Buffer.alloc(16_384));
    encodeRecord(writer, record);
    return writer.bytes.subarray(0, writer.position);
  });
  const parts: Buffer[] = [segmentHeader(firstSeq, 1)];
  const ends: number[] = [];
  let position = segmentHeaderBytes;
  for (const payload of payloads) {
    const frame = Buffer.alloc(frameHeaderBytes);
    frame.writeUInt32LE(payload.length, 0);
    frame.writeUInt32LE(crc32(payload), 4);
    parts.push(frame, payload);
    position += frameHeaderBytes + payload.length;
    ends.push(position);
  }
  return { bytes: Buffer.concat(parts), payloads, ends };
}

async function read(bytes: Buffer): Promise<readonly Buffer[]> {
  const files: Pick<JournalFiles, "open"> = {
    open: async () => ({
      // oxlint-disable-next-line max-params -- the signature is that of node:fs
      read: async (buffer, offset, length, position) => ({
        bytesRead:
          position < bytes.length ? bytes.copy(buffer, offset, position, position + length) : 0,
      }),
      writeFile: async () => undefined,
      sync: async () => undefined,
      close: async () => undefined,
    }),
  };
  const found: Buffer[] = [];
  for await (const { records } of readSegment(files, { path, firstSeq })) {
    for (const { seq, payload } of records) {
      assert.equal(seq, firstSeq + found.length);
      found.push(Buffer.from(payload));
    }
  }
  return found;
}

test("cut anywhere, with zeros behind it or without, a segment gives every whole record before the cut", async () => {
  await fc.assert(
    fc.asyncProperty(contents, fc.nat(), fc.nat(100), async (records, at, zeros) => {
      const { bytes, payloads, ends } = write(records);
      const cut = at % (bytes.length + 1);
      const torn = Buffer.concat([bytes.subarray(0, cut), Buffer.alloc(zeros)]);
      const whole = ends.filter((end) => end <= cut).length;
      const found = cut < segmentHeaderBytes ? [] : await read(torn);
      // A last record that ends with zeros is whole when zeros follow the cut.
      const isWholeAgain = found.length === whole + 1 && torn.length >= (ends[whole] ?? Infinity);
      assert.ok(found.length === whole || isWholeAgain);
      assert.deepEqual(found, payloads.slice(0, found.length));
    }),
  );
});

test("a bit that has flipped is detected: only records before it are given", async () => {
  await fc.assert(
    fc.asyncProperty(contents, fc.nat(), fc.nat(7), async (records, at, bit) => {
      const { bytes, payloads, ends } = write(records);
      const place = segmentHeaderBytes + (at % (bytes.length - segmentHeaderBytes));
      bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
      const before = ends.filter((end) => end <= place).length;
      assert.deepEqual(await read(bytes), payloads.slice(0, before));
    }),
  );
});

test("a sector that was never written ends the segment, whatever lies behind it", async () => {
  await fc.assert(
    fc.asyncProperty(contents, fc.nat(), async (records, at) => {
      const { bytes, payloads, ends } = write(records);
      const sectors = Math.ceil(bytes.length / 512);
      const start = Math.max(segmentHeaderBytes, (at % sectors) * 512);
      const hole = bytes.subarray(start, start + 512);
      const isEmpty = hole.every((byte) => byte === 0);
      hole.fill(0);
      const before = ends.filter((end) => end <= start).length;
      const found = await read(bytes);
      assert.deepEqual(found, payloads.slice(0, found.length));
      assert.ok(isEmpty || found.length <= before);
    }),
  );
});
