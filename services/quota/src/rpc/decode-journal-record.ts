/**
 * Reads journal records straight into the domain, in one pass. Settling is the busiest thing that quota does, and this costs
 * a fraction of the generated decoder, which would build every message of the tree first. A test holds it against the
 * generated one, field by field. Starts are recognised by their tag and not read any further.
 */
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import { ZERO, nanoUsd } from "@tollgate/kit/money/nano-usd";
import { fault } from "#domain/faults.ts";
import type { JournalEntry } from "#domain/journal-entry.ts";
import { readEndedCall, readOpenCall } from "./decode-ended-call.ts";
import { openWireReader } from "./wire-reader.ts";
import type { WireReader } from "./wire-reader.ts";

// Field number * 8 + 2 (a message).
const startedTag = 0x0a;
const passed: JournalEntry = Object.freeze({ kind: "passed" });

/** One record. Throws RECORD_UNREADABLE for a kind or a shape that this version does not know. */
export function decodeJournalRecord(bytes: Uint8Array): JournalEntry {
  if (isPassed(bytes)) {
    return passed;
  }
  try {
    const entry = readRecord(openWireReader(bytes));
    if (entry !== undefined) {
      return entry;
    }
  } catch (error) {
    // Translates: whatever is wrong with the bytes, the batch cannot be applied.
    throw fault("RECORD_UNREADABLE", { cause: error });
  }
  throw fault("RECORD_UNREADABLE");
}

/** True for a record that is a start and nothing else. */
function isPassed(bytes: Uint8Array): boolean {
  const tag = bytes[0];
  const low = bytes[1] ?? 0x80;
  const high = bytes[2] ?? 0x80;
  if (tag !== startedTag) {
    return false;
  }
  // Longer ones are rare and read like the other kinds.
  return low < 0x80
    ? bytes.length === 2 + low
    : high < 0x80 && bytes.length === 3 + (low & 0x7f) + (high << 7);
}

function readRecord(reader: WireReader): JournalEntry | undefined {
  let entry: JournalEntry | undefined;
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        reader.skip();
        entry = passed;
        break;
      case 2:
        entry = readCheckpoint(reader);
        break;
      case 3:
        entry = { kind: "ended", call: readEndedCall(reader) };
        break;
      case 4:
        entry = { kind: "released", ...readLease(reader) };
        break;
      case 5:
        entry = { kind: "returned", ...readReturned(reader) };
        break;
      case 6:
        entry = { kind: "epoch-ended", epoch: readLease(reader).epoch };
        break;
      default:
        // Records are added, never changed: an unknown one must not be passed over.
        return undefined;
    }
  }
  return entry;
}

function readCheckpoint(reader: WireReader): JournalEntry {
  const call = readOpenCall(reader);
  return call === undefined ? passed : { kind: "open", call };
}

function readLease(reader: WireReader): { epoch: number; leaseNo: number } {
  const lease = { epoch: 0, leaseNo: 0 };
  const outerEnd = reader.enter();
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        lease.epoch = reader.uint32();
        break;
      case 2:
        lease.leaseNo = reader.uint32();
        break;
      default:
        reader.skip();
    }
  }
  reader.leave(outerEnd);
  return lease;
}

function readReturned(reader: WireReader): {
  epoch: number;
  leaseNo: number;
  amountNanos: NanoUsd;
} {
  const returned = { epoch: 0, leaseNo: 0, amountNanos: ZERO };
  const outerEnd = reader.enter();
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        returned.epoch = reader.uint32();
        break;
      case 2:
        returned.leaseNo = reader.uint32();
        break;
      case 3:
        returned.amountNanos = nanoUsd(reader.int64());
        break;
      default:
        reader.skip();
    }
  }
  reader.leave(outerEnd);
  return returned;
}
