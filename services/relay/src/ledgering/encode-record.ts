import { Basis } from "@tollgate/proto/type/v1/usage";
import type {
  CallAttempt,
  CallBasis,
  CallEnd,
  CallStart,
  CallUsage,
} from "#ledgering/call-record.ts";
import type { RecordWriter } from "#ledgering/record-writer.ts";

/** A record of the journal, as the relay's code knows it. */
export type RecordContent =
  | { readonly kind: "started"; readonly start: CallStart }
  | {
      readonly kind: "checkpoint";
      readonly start: CallStart;
      readonly usage: CallUsage;
      /** The call has run for long: the record tells its start again. */
      readonly isLong: boolean;
    }
  | { readonly kind: "ended"; readonly start: CallStart; readonly end: CallEnd }
  | { readonly kind: "released"; readonly epoch: number; readonly leaseNo: number }
  | {
      readonly kind: "returned";
      readonly epoch: number;
      readonly leaseNo: number;
      readonly amountNanos: number;
    }
  | { readonly kind: "epoch-ended"; readonly epoch: number };

/** The most bytes that {@link encodeRecord} writes: texts are cut by whoever takes them in. */
export const recordBytesMax = 16 * 1024;

// Tags of JournalRecord: field number * 8 + 2 (a message).
const recordTags = {
  started: 0x0a,
  checkpoint: 0x12,
  ended: 0x1a,
  released: 0x22,
  returned: 0x2a,
  "epoch-ended": 0x32,
} as const satisfies Record<RecordContent["kind"], number>;

const basisToWire = {
  usage: Basis.USAGE,
  counted: Basis.COUNTED,
  aborted: Basis.ABORTED,
  drained: Basis.DRAINED,
  partial: Basis.PARTIAL,
  failed: Basis.FAILED,
  crash: Basis.CRASH,
  "crash-undelivered": Basis.CRASH_UNDELIVERED,
  cutoff: Basis.CUTOFF,
} as const satisfies Record<CallBasis, Basis>;

/** Writes one `tollgate.quota.v1.JournalRecord`. */
export function encodeRecord(writer: RecordWriter, content: RecordContent): void {
  const body = writer.openMessage(recordTags[content.kind]);
  switch (content.kind) {
    case "started":
      writeStart(writer, content.start);
      break;
    case "checkpoint":
      writer.blob(0x0a, content.start.requestId);
      writeUsage(writer, content.usage);
      if (content.isLong) {
        const start = writer.openMessage(0x1a);
        writeStart(writer, content.start);
        writer.closeMessage(start);
      }
      break;
    case "ended":
      writeEnd(writer, content.start, content.end);
      break;
    case "released":
      writer.uint(0x08, content.epoch);
      writer.uint(0x10, content.leaseNo);
      break;
    case "returned":
      writer.uint(0x08, content.epoch);
      writer.uint(0x10, content.leaseNo);
      writer.uint(0x18, content.amountNanos);
      break;
    case "epoch-ended":
      writer.uint(0x08, content.epoch);
      break;
  }
  writer.closeMessage(body);
}

function writeStart(writer: RecordWriter, start: CallStart): void {
  writer.blob(0x0a, start.requestId);
  writer.uint(0x10, start.epoch);
  writer.uint(0x18, start.leaseNo);
  writer.uint(0x20, start.userId);
  writer.uint(0x28, start.keyId);
  writer.text(0x32, start.group);
  writer.text(0x3a, start.model);
  writer.text(0x42, start.pricedModel);
  writer.uint(0x48, start.channelType);
  writer.uint(0x50, start.channelId);
  writer.uint(0x58, start.priceVersion);
  writer.uint(0x60, start.estimateNanos);
  writer.uint(0x68, start.inputEstimateTokens);
  writer.flag(0x70, start.stream);
  writer.text(0x7a, start.surface);
  // Fields from 16 on have tags of two bytes, written as a varint of field * 8 + type.
  writer.wideUint(0x80, 0x01, start.startedAtMs);
  writer.wideText(0x8a, 0x01, start.clientIp);
  writer.wideBlob(0x92, 0x01, start.idempotencyHash);
}

function writeUsage(writer: RecordWriter, usage: CallUsage): void {
  const message = writer.openMessage(0x12);
  writer.uint(0x08, usage.inputTokens);
  writer.uint(0x10, usage.cacheReadTokens);
  writer.uint(0x18, usage.cacheWrite5mTokens);
  writer.uint(0x20, usage.cacheWrite1hTokens);
  writer.uint(0x28, usage.outputTokens);
  writer.uint(0x30, usage.reasoningTokens);
  writer.uint(0x38, usage.audioInputTokens);
  writer.uint(0x40, usage.audioOutputTokens);
  writer.uint(0x48, usage.imageInputTokens);
  writer.uint(0x50, usage.imageOutputTokens);
  writer.uint(0x58, usage.calls);
  writer.closeMessage(message);
}

function writeEnd(writer: RecordWriter, start: CallStart, end: CallEnd): void {
  const message = writer.openMessage(0x0a);
  writeStart(writer, start);
  writer.closeMessage(message);
  writeUsage(writer, end.usage);
  writer.uint(0x18, basisToWire[end.basis]);
  writer.int64(0x20, end.costNanos);
  writer.uint(0x28, end.channelId);
  writer.uint(0x30, end.channelType);
  writer.text(0x3a, end.pricedModel);
  for (const attempt of end.attempts) {
    writeAttempt(writer, attempt);
  }
  writer.text(0x4a, end.upstreamId);
  writer.uint(0x50, end.status);
  writer.text(0x5a, end.errorReason);
  writer.uint(0x60, end.ttftMs);
  writer.uint(0x68, end.durationMs);
  writer.flag(0x70, end.systemPromptReset);
  writer.text(0x7a, end.errorMessage);
  writer.wideUint(0x80, 0x01, end.isEstimated ? 1 : 0);
}

function writeAttempt(writer: RecordWriter, attempt: CallAttempt): void {
  const message = writer.openMessage(0x42);
  writer.uint(0x08, attempt.channelId);
  writer.uint(0x10, attempt.status);
  writer.text(0x1a, attempt.reason);
  writer.uint(0x20, attempt.elapsedMs);
  writer.closeMessage(message);
}
