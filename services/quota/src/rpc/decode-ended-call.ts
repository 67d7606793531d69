import { ZERO, nanoUsd } from "@tollgate/kit/money/nano-usd";
import type { EndedCall } from "#domain/journal-entry.ts";
import type { Attempt } from "#domain/settled-call.ts";
import { bases, noUsage } from "#domain/usage.ts";
import { readUsage } from "./decode-usage.ts";
import type { Mutable } from "./decode-usage.ts";
import type { WireReader } from "./wire-reader.ts";

const idMax = 2 ** 31 - 1;
const noBytes = new Uint8Array();
const httpStatusMax = 999;
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

/** The end of a call, with its start inside. Throws a `RangeError` for one that cannot be settled. */
export function readEndedCall(reader: WireReader): EndedCall {
  const call = emptyCall();
  const start = emptyChoice();
  const outerEnd = reader.enter();
  while (reader.next()) {
    readEndedField(reader, call, start);
  }
  reader.leave(outerEnd);
  const hasId = call.requestId.length === requestIdBytes;
  if (!hasId || call.basis < 1 || call.basis > highestBasis) {
    throw new RangeError("the end of a call needs a request id and a basis");
  }
  // A call that no channel served has the price of the first one chosen.
  if (call.pricedModel === "") {
    call.pricedModel = start.pricedModel;
  }
  if (call.channelId === 0) {
    call.channelType = start.channelType;
  }
  return call;
}

/**
 * A checkpoint: a call that runs, with what was passed on so far. Undefined for one that does not tell the start of its call. Throws a `RangeError` for one that could not be settled.
 */
export function readOpenCall(reader: WireReader): EndedCall | undefined {
  const call = emptyCall();
  const start = emptyChoice();
  let hasStart = false;
  const outerEnd = reader.enter();
  while (reader.next()) {
    switch (reader.field) {
      case 2:
        call.usage = readUsage(reader);
        break;
      case 3:
        readStart(reader, call, start);
        hasStart = true;
        break;
      default:
        reader.skip();
    }
  }
  reader.leave(outerEnd);
  if (hasStart && call.requestId.length !== requestIdBytes) {
    throw new RangeError("a call needs a request id");
  }
  return hasStart ? { ...call, ...start } : undefined;
}

function readEndedField(reader: WireReader, call: CallDraft, start: FirstChoice): void {
  switch (reader.field) {
    case 1:
      readStart(reader, call, start);
      break;
    case 2:
      call.usage = readUsage(reader);
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
      call.channelType = id(reader);
      break;
    case 7:
      call.pricedModel = reader.name(textMax.model);
      break;
    case 8:
      if (call.attempts.length < attemptsMax) {
        call.attempts.push(readAttempt(reader));
      } else {
        reader.skip();
      }
      break;
    default:
      readOutcomeField(reader, call);
  }
}

function readOutcomeField(reader: WireReader, call: CallDraft): void {
  switch (reader.field) {
    case 9:
      call.upstreamId = reader.text(textMax.upstreamId);
      break;
    case 10:
      call.status = httpStatus(reader);
      break;
    case 11:
      call.errorReason = reader.name(textMax.reason);
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
    case 16:
      call.isEstimated = reader.uint32() !== 0;
      break;
    default:
      reader.skip();
  }
}

function readStart(reader: WireReader, call: CallDraft, start: FirstChoice): void {
  const outerEnd = reader.enter();
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        call.requestId = reader.bytes();
        break;
      case 2:
        call.epoch = reader.uint32();
        break;
      case 3:
        call.leaseNo = reader.uint32();
        break;
      case 4:
        call.userId = id(reader);
        break;
      case 5:
        call.keyId = id(reader);
        break;
      case 6:
        call.group = reader.name(textMax.group);
        break;
      case 7:
        call.model = reader.name(textMax.model);
        break;
      case 8:
        start.pricedModel = reader.name(textMax.model);
        break;
      default:
        readStartDetail(reader, call, start);
    }
  }
  reader.leave(outerEnd);
}

function readStartDetail(reader: WireReader, call: CallDraft, start: FirstChoice): void {
  switch (reader.field) {
    case 9:
      start.channelType = id(reader);
      break;
    case 10:
      start.channelId = id(reader);
      break;
    case 11:
      call.priceVersion = id(reader);
      break;
    case 12:
      call.holdNanos = nanoUsd(reader.int64());
      break;
    case 14:
      call.isStream = reader.uint32() !== 0;
      break;
    case 15:
      call.surface = reader.name(textMax.surface);
      break;
    case 16:
      call.startedAtMs = Number(reader.int64());
      break;
    case 17:
      call.clientIp = reader.name(textMax.clientIp);
      break;
    default:
      reader.skip();
  }
}

/** What the start says about the first channel chosen; the call's own fields say it about the one that served. */
interface FirstChoice {
  pricedModel: string;
  channelType: number;
  channelId: number;
}

function emptyChoice(): FirstChoice {
  return { pricedModel: "", channelType: 0, channelId: 0 };
}

type CallDraft = Mutable<EndedCall> & { attempts: Attempt[] };

function emptyCall(): CallDraft {
  return {
    requestId: noBytes,
    epoch: 0,
    leaseNo: 0,
    holdNanos: ZERO,
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
    isEstimated: false,
  };
}

function readAttempt(reader: WireReader): Attempt {
  const attempt = { channelId: 0, status: 0, reason: "", elapsedMs: 0 };
  const outerEnd = reader.enter();
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        attempt.channelId = id(reader);
        break;
      case 2:
        attempt.status = httpStatus(reader);
        break;
      case 3:
        attempt.reason = reader.name(textMax.reason);
        break;
      case 4:
        attempt.elapsedMs = reader.uint32();
        break;
      default:
        reader.skip();
    }
  }
  reader.leave(outerEnd);
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

/** An HTTP status. What is none must not keep a call from being settled. */
function httpStatus(reader: WireReader): number {
  const status = reader.uint32();
  return status > httpStatusMax ? 0 : status;
}
