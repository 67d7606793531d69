/**
 * Reads journal records straight into the domain, in one pass. Settling is the busiest thing that quota does, and this costs a fraction of
 * the generated decoder, which would build every message of the tree first. A test holds it against the generated one, field by field.
 * Starts and checkpoints are recognised by their tag and not read any further.
 */
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import { ZERO, nanoUsd } from "@tollgate/kit/money/nano-usd";
import { fault } from "#domain/faults.ts";
import type { EndedCall, JournalEntry } from "#domain/journal-entry.ts";
import type { Attempt } from "#domain/settled-call.ts";
import type { Usage } from "#domain/usage.ts";
import { bases, noUsage } from "#domain/usage.ts";
import { openWireReader } from "./wire-reader.ts";
import type { WireReader } from "./wire-reader.ts";

type Mutable<Value> = { -readonly [Field in keyof Value]: Value[Field] };

/** One record. Throws RECORD_UNREADABLE for a kind or a shape that this version does not know. */
export function decodeJournalRecord(bytes: Uint8Array): JournalEntry {
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

const idMax = 2 ** 31 - 1;
const requestIdBytes = 16;
const attemptsMax = 64;
const highestBasis = Math.max(...Object.values(bases));

/** Most characters that the log keeps of a text. */
const textMax = {
  group: 64,
  model: 160,
  surface: 32,
  clientIp: 64,
  upstreamId: 128,
  reason: 64,
  message: 500,
} as const;

function readRecord(reader: WireReader): JournalEntry | undefined {
  let entry: JournalEntry | undefined;
  while (reader.next()) {
    switch (reader.field()) {
      case 1:
      case 2:
        reader.skip();
        entry = { kind: "passed" };
        break;
      case 3:
        entry = { kind: "ended", call: readEnded(reader.message()) };
        break;
      case 4:
        entry = { kind: "released", ...readLease(reader.message()) };
        break;
      case 5:
        entry = { kind: "returned", ...readReturned(reader.message()) };
        break;
      case 6:
        entry = { kind: "epoch-ended", epoch: readLease(reader.message()).epoch };
        break;
      default:
        // Records are added, never changed: an unknown one must not be passed over.
        return undefined;
    }
  }
  return entry;
}

function readLease(reader: WireReader): { epoch: number; leaseNo: number } {
  const lease = { epoch: 0, leaseNo: 0 };
  while (reader.next()) {
    switch (reader.field()) {
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
  return lease;
}

function readReturned(reader: WireReader): { epoch: number; leaseNo: number; amountNanos: NanoUsd } {
  const returned = { epoch: 0, leaseNo: 0, amountNanos: ZERO };
  while (reader.next()) {
    switch (reader.field()) {
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
  return returned;
}

type CallDraft = Mutable<EndedCall> & { attempts: Attempt[] };

function emptyCall(): CallDraft {
  return {
    requestId: new Uint8Array(),
    epoch: 0,
    leaseNo: 0,
    userId: 0,
    keyId: 0,
    group: "",
    model: "",
    pricedModel: "",
    channelId: 0,
    channelType: 0,
    priceVersion: 0,
    startedAtMs: 0,
    isStream: false,
    surface: "",
    clientIp: "",
    usage: noUsage,
    basis: 0,
    costNanos: ZERO,
    attempts: [],
    upstreamId: "",
    status: 0,
    errorReason: "",
    errorMessage: "",
    ttftMs: 0,
    durationMs: 0,
    isSystemPromptReset: false,
  };
}

function readEnded(reader: WireReader): EndedCall {
  const call = emptyCall();
  const start = emptyCall();
  while (reader.next()) {
    readEndedField(reader, call, start);
  }
  if (start.requestId.length !== requestIdBytes || call.basis < 1 || call.basis > highestBasis) {
    throw new RangeError("the end of a call needs a request id and a basis");
  }
  return {
    ...call,
    requestId: start.requestId,
    epoch: start.epoch,
    leaseNo: start.leaseNo,
    userId: start.userId,
    keyId: start.keyId,
    group: start.group,
    model: start.model,
    priceVersion: start.priceVersion,
    startedAtMs: start.startedAtMs,
    isStream: start.isStream,
    surface: start.surface,
    clientIp: start.clientIp,
    // A call that no channel served has the price of the first one chosen.
    pricedModel: call.pricedModel === "" ? start.pricedModel : call.pricedModel,
    channelType: call.channelId === 0 ? start.channelType : call.channelType,
  };
}

function readEndedField(reader: WireReader, call: CallDraft, start: CallDraft): void {
  switch (reader.field()) {
    case 1:
      readStart(reader.message(), start);
      break;
    case 2:
      call.usage = readUsage(reader.message());
      break;
    case 3:
      call.basis = reader.uint32();
      break;
    case 4:
      call.costNanos = nanoUsd(reader.int64());
      break;
    case 5:
      call.channelId = id(reader);
      break;
    case 6:
      call.channelType = reader.uint32();
      break;
    case 7:
      call.pricedModel = reader.text(textMax.model);
      break;
    case 8:
      if (call.attempts.length < attemptsMax) {
        call.attempts.push(readAttempt(reader.message()));
      } else {
        reader.skip();
      }
      break;
    default:
      readOutcomeField(reader, call);
  }
}

function readOutcomeField(reader: WireReader, call: CallDraft): void {
  switch (reader.field()) {
    case 9:
      call.upstreamId = reader.text(textMax.upstreamId);
      break;
    case 10:
      call.status = reader.uint32();
      break;
    case 11:
      call.errorReason = reader.text(textMax.reason);
      break;
    case 12:
      call.ttftMs = reader.uint32();
      break;
    case 13:
      call.durationMs = reader.uint32();
      break;
    case 14:
      call.isSystemPromptReset = reader.uint32() !== 0;
      break;
    case 15:
      call.errorMessage = reader.text(textMax.message);
      break;
    default:
      reader.skip();
  }
}

function readStart(reader: WireReader, start: CallDraft): void {
  while (reader.next()) {
    switch (reader.field()) {
      case 1:
        start.requestId = reader.bytes();
        break;
      case 2:
        start.epoch = reader.uint32();
        break;
      case 3:
        start.leaseNo = reader.uint32();
        break;
      case 4:
        start.userId = id(reader);
        break;
      case 5:
        start.keyId = id(reader);
        break;
      case 6:
        start.group = reader.text(textMax.group);
        break;
      case 7:
        start.model = reader.text(textMax.model);
        break;
      case 8:
        start.pricedModel = reader.text(textMax.model);
        break;
      default:
        readStartDetail(reader, start);
    }
  }
}

function readStartDetail(reader: WireReader, start: CallDraft): void {
  switch (reader.field()) {
    case 9:
      start.channelType = reader.uint32();
      break;
    case 11:
      start.priceVersion = id(reader);
      break;
    case 14:
      start.isStream = reader.uint32() !== 0;
      break;
    case 15:
      start.surface = reader.text(textMax.surface);
      break;
    case 16:
      start.startedAtMs = Number(reader.int64());
      break;
    case 17:
      start.clientIp = reader.text(textMax.clientIp);
      break;
    default:
      reader.skip();
  }
}

/** In the order of their field numbers, from 1. */
const usageFields = [
  "inputTokens",
  "cacheReadTokens",
  "cacheWrite5mTokens",
  "cacheWrite1hTokens",
  "outputTokens",
  "reasoningTokens",
  "audioInputTokens",
  "audioOutputTokens",
  "imageInputTokens",
  "imageOutputTokens",
  "calls",
  "images",
  "milliseconds",
  "characters",
] as const satisfies readonly (keyof Usage)[];

function readUsage(reader: WireReader): Usage {
  const usage: Mutable<Usage> = { ...noUsage };
  while (reader.next()) {
    const field = usageFields[reader.field() - 1];
    if (field === undefined) {
      reader.skip();
    } else {
      usage[field] = reader.uint32();
    }
  }
  return usage;
}

function readAttempt(reader: WireReader): Attempt {
  const attempt = { channelId: 0, status: 0, reason: "", elapsedMs: 0 };
  while (reader.next()) {
    switch (reader.field()) {
      case 1:
        attempt.channelId = id(reader);
        break;
      case 2:
        attempt.status = reader.uint32();
        break;
      case 3:
        attempt.reason = reader.text(textMax.reason);
        break;
      case 4:
        attempt.elapsedMs = reader.uint32();
        break;
      default:
        reader.skip();
    }
  }
  return attempt;
}

/** An id or version; the tables keep them in 31 bits. */
function id(reader: WireReader): number {
  const value = reader.int64Number();
  if (value < 0 || value > idMax) {
    throw new RangeError("an id is out of range");
  }
  return value;
}
