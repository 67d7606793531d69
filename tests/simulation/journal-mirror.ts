/** What a relay's journal holds, as the books of the run know it: read from the disk by other code than the relay's. */
import { crc32 } from "node:zlib";
import { fromBinary } from "@bufbuild/protobuf";
import { JournalRecordSchema } from "@tollgate/proto/quota/v1/journal_record";
import type { JournalRecord } from "@tollgate/proto/quota/v1/journal_record";
import type { RecordContent } from "../../services/relay/src/ledgering/encode-record.ts";
import type { Journal } from "../../services/relay/src/ledgering/journal.ts";

/** A record, as far as invariants look at it. */
export interface MirroredRecord {
  readonly kind: "started" | "checkpoint" | "ended" | "released" | "returned" | "epoch-ended";
  /** Of calls; "" otherwise. */
  readonly callId: string;
  readonly epoch: number;
  /** 0 = none. */
  readonly leaseNo: number;
  readonly outputTokens: number;
}

export interface JournalMirror {
  /** Every record by its number. */
  readonly records: readonly MirroredRecord[];
  /** Reads what a process found on its disk, and follows what it adds. */
  readonly follow: (journal: Journal, disk: ReadonlyMap<string, Buffer>) => Journal;
  /** Whether a record of the present process gave its lease back. */
  readonly isReleased: (leaseNo: number) => boolean;
}

export function createJournalMirror(): JournalMirror {
  const records: MirroredRecord[] = [];
  const released = new Set<string>();
  let processes = 0;
  let epoch = 0;
  const add = (record: MirroredRecord): void => {
    records.push(record);
    if (record.kind === "released") {
      released.add(`${record.epoch}/${record.leaseNo}`);
    }
  };
  return {
    records,
    follow: (journal, disk) => {
      processes += 1;
      const number = processes;
      ({ epoch } = journal);
      records.length = 0;
      released.clear();
      readDisk(disk).forEach(add);
      if (records.length !== journal.nextSeq()) {
        throw new Error(`the disk holds ${records.length} records, not ${journal.nextSeq()}`);
      }
      return {
        ...journal,
        append: (content) => {
          // What an earlier process still does is done to its memory only.
          if (number === processes) {
            add(mirrorOf(content));
          }
          return journal.append(content);
        },
      };
    },
    isReleased: (leaseNo) => released.has(`${epoch}/${leaseNo}`),
  };
}

const headerBytes = 16;
const frameBytes = 8;

/** Every record of the segments on a disk, in order. */
function readDisk(disk: ReadonlyMap<string, Buffer>): readonly MirroredRecord[] {
  return readPayloads(disk).map((payload) => fromWire(fromBinary(JournalRecordSchema, payload)));
}

/** The records as bytes. Throws if one is missing between two segments. */
export function readPayloads(disk: ReadonlyMap<string, Buffer>): readonly Uint8Array[] {
  const segments = [...disk]
    .filter(([path]) => path.endsWith(".journal"))
    .map(([path, bytes]) => ({ first: Number(path.slice(-24, -8)), bytes }))
    .toSorted((left, right) => left.first - right.first);
  const payloads: Uint8Array[] = [];
  for (const { first, bytes } of segments) {
    if (first > payloads.length) {
      throw new Error(`records ${payloads.length} to ${first} are missing`);
    }
    payloads.push(...framesOf(bytes));
  }
  return payloads;
}

function* framesOf(bytes: Buffer): Generator<Uint8Array> {
  let offset = headerBytes;
  while (offset + frameBytes <= bytes.length) {
    const length = bytes.readUInt32LE(offset);
    const payload = bytes.subarray(offset + frameBytes, offset + frameBytes + length);
    if (
      length === 0 ||
      payload.length < length ||
      crc32(payload) !== bytes.readUInt32LE(offset + 4)
    ) {
      return;
    }
    yield payload;
    offset += frameBytes + length;
  }
}

const none = { callId: "", epoch: 0, leaseNo: 0, outputTokens: 0 };

function mirrorOf(content: RecordContent): MirroredRecord {
  switch (content.kind) {
    case "started":
      return { ...ofCall(content.start), kind: "started", outputTokens: 0 };
    case "checkpoint": {
      const { outputTokens } = content.usage;
      return { ...ofCall(content.start), kind: "checkpoint", outputTokens };
    }
    case "ended": {
      const { outputTokens } = content.end.usage;
      return { ...ofCall(content.start), kind: "ended", outputTokens };
    }
    case "released":
    case "returned":
      return { ...none, kind: content.kind, epoch: content.epoch, leaseNo: content.leaseNo };
    case "epoch-ended":
      return { ...none, kind: content.kind, epoch: content.epoch };
  }
}

function fromWire({ record }: JournalRecord): MirroredRecord {
  switch (record.case) {
    case "started":
      return { ...ofCall(record.value), kind: "started", outputTokens: 0 };
    case "checkpoint": {
      const { requestId, usage } = record.value;
      const outputTokens = usage?.outputTokens ?? 0;
      return { ...none, kind: "checkpoint", callId: idText(requestId), outputTokens };
    }
    case "ended": {
      const { start, usage } = record.value;
      const call = start === undefined ? none : ofCall(start);
      return { ...call, kind: "ended", outputTokens: usage?.outputTokens ?? 0 };
    }
    case "released":
    case "returned": {
      const { epoch, leaseNo } = record.value;
      return { ...none, kind: record.case, epoch, leaseNo };
    }
    case "epochEnded":
      return { ...none, kind: "epoch-ended", epoch: record.value.epoch };
    case undefined:
      throw new Error("a record without content");
  }
}

function ofCall(start: {
  readonly requestId: Uint8Array;
  readonly epoch: number;
  readonly leaseNo: number;
}): Pick<MirroredRecord, "callId" | "epoch" | "leaseNo"> {
  return { callId: idText(start.requestId), epoch: start.epoch, leaseNo: start.leaseNo };
}

export function idText(id: Uint8Array): string {
  return Buffer.from(id).toString("hex");
}
