/**
 * The files of the journal. A segment is named for the sequence number of its first record, begins with a header of 16 bytes
 * and holds frames: length (u32 LE), CRC-32 of the payload (u32 LE), payload. A length of 0 is space that was set aside and
 * never used. A process only ever writes segments that it made itself: nothing is appended behind a torn tail.
 */
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { recordBytesMax } from "#ledgering/encode-record.ts";
import type { JournalFiles, OpenFile } from "#ledgering/journal-files.ts";

export const segmentHeaderBytes = 16;
export const frameHeaderBytes = 8;

const magic = 0x314a_4754;
const readBytes = 1024 * 1024;
const namePattern = /^(\d{16})\.journal$/u;

/** One file of the journal. */
export interface Segment {
  readonly path: string;
  readonly firstSeq: number;
}

/** A record as it was read back. */
export interface StoredRecord {
  readonly seq: number;
  readonly payload: Uint8Array;
}

/** Some records of a segment, in order, and where the last one ends in the file. */
export interface SegmentPage {
  readonly records: readonly StoredRecord[];
  readonly endOffset: number;
}

export function segmentPath(folder: string, firstSeq: number): string {
  return join(folder, `${firstSeq.toString().padStart(16, "0")}.journal`);
}

/** The header of a segment. */
export function segmentHeader(firstSeq: number, epoch: number): Buffer {
  const header = Buffer.alloc(segmentHeaderBytes);
  header.writeUInt32LE(magic, 0);
  header.writeUInt32LE(epoch, 4);
  header.writeBigUInt64LE(BigInt(firstSeq), 8);
  return header;
}

/** The segments of a folder, oldest first. */
export async function listSegments(
  folder: string,
  files: Pick<JournalFiles, "readdir">,
): Promise<readonly Segment[]> {
  const names = await files.readdir(folder);
  return names
    .flatMap((name) => {
      const digits = namePattern.exec(name)?.[1];
      return digits === undefined ? [] : [{ path: join(folder, name), firstSeq: Number(digits) }];
    })
    .sort((left, right) => left.firstSeq - right.firstSeq);
}

/** Where reading begins: behind the header by default. */
export interface SegmentStart {
  readonly offset: number;
  readonly seq: number;
}

/**
 * Reads a segment page by page up to its end, the space never used, or the first frame that is torn. Every page but the last
 * has records.
 */
export async function* readSegment(
  files: Pick<JournalFiles, "open">,
  segment: Segment,
  start: SegmentStart = { offset: segmentHeaderBytes, seq: segment.firstSeq },
): AsyncGenerator<SegmentPage> {
  const file = await files.open(segment.path, "r");
  try {
    await checkHeader(file, segment);
    let { offset, seq } = start;
    for (;;) {
      const chunk = Buffer.allocUnsafe(readBytes);
      const { bytesRead } = await file.read(chunk, 0, readBytes, offset);
      const page = parseFrames(chunk.subarray(0, bytesRead), seq);
      if (page.records.length === 0) {
        return;
      }
      offset += page.endOffset;
      seq += page.records.length;
      yield { records: page.records, endOffset: offset };
    }
  } finally {
    await file.close();
  }
}

async function checkHeader(file: OpenFile, segment: Segment): Promise<void> {
  const header = Buffer.alloc(segmentHeaderBytes);
  const { bytesRead } = await file.read(header, 0, segmentHeaderBytes, 0);
  // A crash right after the file was made leaves no header, and then no record either.
  const isUnused = bytesRead < segmentHeaderBytes || header.every((byte) => byte === 0);
  if (isUnused) {
    return;
  }
  const isOurs =
    header.readUInt32LE(0) === magic && header.readBigUInt64LE(8) === BigInt(segment.firstSeq);
  if (!isOurs) {
    throw new Error(`${segment.path} is not a journal segment`);
  }
}

function parseFrames(bytes: Buffer, firstSeq: number): SegmentPage {
  const records: StoredRecord[] = [];
  let offset = 0;
  while (offset + frameHeaderBytes <= bytes.length) {
    const length = bytes.readUInt32LE(offset);
    const end = offset + frameHeaderBytes + length;
    if (length === 0 || length > recordBytesMax || end > bytes.length) {
      break;
    }
    const payload = bytes.subarray(offset + frameHeaderBytes, end);
    if (crc32(payload) !== bytes.readUInt32LE(offset + 4)) {
      break;
    }
    records.push({ seq: firstSeq + records.length, payload });
    offset = end;
  }
  return { records, endOffset: offset };
}
