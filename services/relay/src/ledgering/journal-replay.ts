/**
 * What a start finds in the journal of the processes before it: where the records end (a torn tail is cut off) and which
 * calls were left open. A call with a checkpoint had content passed on and is billed by the last one; a call without had
 * none, and its customer pays nothing.
 */
import { fromBinary } from "@bufbuild/protobuf";
import type { CallStarted, JournalRecord } from "@tollgate/proto/quota/v1/journal_record";
import { JournalRecordSchema } from "@tollgate/proto/quota/v1/journal_record";
import type { Usage } from "@tollgate/proto/type/v1/usage";
import { NO_USAGE } from "#conversation/token-usage.ts";
import type { CallEnd, CallStart, CallUsage } from "#ledgering/call-record.ts";
import type { JournalFiles } from "#ledgering/journal-files.ts";
import type { Segment } from "#ledgering/journal-segment.ts";
import { listSegments, readSegment } from "#ledgering/journal-segment.ts";

export interface Replay {
  readonly segments: readonly Segment[];
  readonly nextSeq: number;
  /** In the order of their starts. */
  readonly openCalls: readonly OpenCall[];
}

/** A call that the last process left open. */
export interface OpenCall {
  readonly start: CallStart;
  /** What had been passed on; absent = nothing. */
  readonly delivered?: CallUsage;
}

/** Reads the journal from the segment that holds `scanFromSeq` on. */
export async function replayJournal(
  folder: string,
  scanFromSeq: number,
  files: JournalFiles,
): Promise<Replay> {
  const segments = await listSegments(folder, files);
  const open = new Map<string, OpenCall>();
  const first = Math.max(
    0,
    segments.findLastIndex((segment) => segment.firstSeq <= scanFromSeq),
  );
  let nextSeq = segments[first]?.firstSeq ?? 0;
  for (const segment of segments.slice(first)) {
    if (segment.firstSeq !== nextSeq) {
      throw new Error(
        `the journal is damaged: ${segment.path} should begin with record ${nextSeq}`,
      );
    }
    nextSeq = await replaySegment(files, segment, open);
  }
  return { segments, nextSeq, openCalls: [...open.values()] };
}

/** How an open call is closed. Quota computes the cost: the price book of that time may not be at hand here. */
export function crashEnd(call: OpenCall): CallEnd {
  const { start, delivered } = call;
  return {
    usage: delivered ?? { ...NO_USAGE, calls: 0 },
    basis: delivered === undefined ? "crash-undelivered" : "crash",
    costNanos: 0n,
    channelId: start.channelId,
    channelType: start.channelType,
    pricedModel: start.pricedModel,
    attempts: [],
    upstreamId: "",
    status: 0,
    errorReason: "RELAY_CRASHED",
    errorMessage: "The relay process ended before the call did.",
    ttftMs: 0,
    durationMs: 0,
    systemPromptReset: false,
    isEstimated: true,
  };
}

async function replaySegment(
  files: JournalFiles,
  segment: Segment,
  open: Map<string, OpenCall>,
): Promise<number> {
  let nextSeq = segment.firstSeq;
  let endOffset: number | undefined;
  for await (const page of readSegment(files, segment)) {
    for (const { payload } of page.records) {
      follow(fromBinary(JournalRecordSchema, payload), open);
    }
    nextSeq += page.records.length;
    ({ endOffset } = page);
  }
  if (endOffset !== undefined) {
    await files.truncate(segment.path, endOffset);
  }
  await makeDurable(files, segment);
  return nextSeq;
}

/** A process that was killed leaves records that its disk may not have yet; from now on they count as durable. */
async function makeDurable(files: JournalFiles, segment: Segment): Promise<void> {
  const file = await files.open(segment.path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

function follow({ record }: JournalRecord, open: Map<string, OpenCall>): void {
  switch (record.case) {
    case "started":
      open.set(keyOf(record.value.requestId), { start: startFromWire(record.value) });
      break;
    case "checkpoint": {
      const key = keyOf(record.value.requestId);
      const call = open.get(key);
      if (call !== undefined && record.value.usage !== undefined) {
        open.set(key, { start: call.start, delivered: usageFromWire(record.value.usage) });
      }
      break;
    }
    case "ended":
      open.delete(keyOf(record.value.start?.requestId ?? new Uint8Array()));
      break;
    case "released":
    case "returned":
    case "epochEnded":
      break;
    case undefined:
      throw new Error("the journal holds a record of a kind that this version does not know");
  }
}

function keyOf(requestId: Uint8Array): string {
  return Buffer.from(requestId).toString("latin1");
}

function startFromWire(start: CallStarted): CallStart {
  return {
    requestId: start.requestId,
    epoch: start.epoch,
    leaseNo: start.leaseNo,
    userId: Number(start.userId),
    keyId: Number(start.keyId),
    group: start.group,
    model: start.model,
    pricedModel: start.pricedModel,
    channelType: start.channelType,
    channelId: Number(start.channelId),
    priceVersion: Number(start.priceVersion),
    estimateNanos: Number(start.estimateNanos),
    inputEstimateTokens: start.inputEstimateTokens,
    stream: start.stream,
    surface: start.surface,
    startedAtMs: Number(start.startedAtMs),
    clientIp: start.clientIp,
    idempotencyHash: start.idempotencyHash,
  };
}

function usageFromWire(usage: Usage): CallUsage {
  return {
    inputTokens: usage.inputTokens,
    cacheReadTokens: usage.cacheReadTokens,
    cacheWrite5mTokens: usage.cacheWrite5mTokens,
    cacheWrite1hTokens: usage.cacheWrite1hTokens,
    outputTokens: usage.outputTokens,
    reasoningTokens: usage.reasoningTokens,
    audioInputTokens: usage.audioInputTokens,
    audioOutputTokens: usage.audioOutputTokens,
    imageInputTokens: usage.imageInputTokens,
    imageOutputTokens: usage.imageOutputTokens,
    calls: usage.calls,
  };
}
