import type { Clock } from "@tollgate/kit/clock/clock";
import type { Logger } from "@tollgate/kit/logging/logger";
import type { CallStart } from "#ledgering/call-record.ts";
import type { RecordContent } from "#ledgering/encode-record.ts";
import { createDiskReader } from "#ledgering/journal-disk-reader.ts";
import type { JournalFiles } from "#ledgering/journal-files.ts";
import { nodeFiles } from "#ledgering/journal-files.ts";
import { startHousekeeping } from "#ledgering/journal-housekeeping.ts";
import { beginEpoch, readScanPosition } from "#ledgering/journal-identity.ts";
import type { OpenCall } from "#ledgering/journal-replay.ts";
import { crashEnd, replayJournal } from "#ledgering/journal-replay.ts";
import type { Segment } from "#ledgering/journal-segment.ts";
import { JournalWriter } from "#ledgering/journal-writer.ts";
import { RecordWindow } from "#ledgering/record-window.ts";
import type { JournalSizes } from "#ledgering/segment-writer.ts";

export interface JournalOptions {
  readonly folder: string;
  /** Absent = the machine's own. */
  readonly files?: JournalFiles;
  readonly sizes: JournalSizes;
  /** With less free space than this on the disk no new call is admitted. */
  readonly freeBytesMin: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A write or a sync failed: the process must end at once. */
  readonly onFailure: (error: Error) => void;
}

/** The write-ahead journal of one relay. */
export interface Journal {
  readonly journalId: Uint8Array;
  readonly epoch: number;
  readonly nextSeq: () => number;
  /** First record that is not on the disk yet; only records before it may be shipped. */
  readonly durableSeq: () => number;
  /** Takes a record; answers its sequence number. */
  readonly append: (content: RecordContent) => number;
  /** Resolves when all records so far outlive this process; `undefined` = they do. */
  readonly written: () => Promise<void> | undefined;
  /** Resolves when the record outlives a power cut; `undefined` = it does. */
  readonly durable: (seq: number) => Promise<void> | undefined;
  /** Everything so far is brought to the disk without delay, although nobody waits for it yet. */
  readonly syncSoon: () => void;
  /**
   * Up to `countMax` durable records from `fromSeq` on. `undefined` stands for a start or checkpoint of a call that has ended
   * meanwhile: its end says it all. Rejects if `fromSeq` is no longer kept.
   */
  readonly read: (
    fromSeq: number,
    countMax: number,
  ) => Promise<readonly (Uint8Array | undefined)[]>;
  /** Quota's high-water mark, also when it goes backwards. */
  readonly acknowledge: (hwm: number) => void;
  /** False when the disk is nearly full. */
  readonly hasRoom: () => boolean;
  /** Calls whose end is not written. */
  readonly openCallCount: () => number;
  /** Told whenever records have become durable. One listener. */
  readonly onDurable: (listener: () => void) => void;
  readonly close: () => Promise<void>;
}

const windowBytesMax = 64 * 1024 * 1024;

/**
 * Opens the journal of a folder: begins the next epoch, replays what the last process left, ends its open calls, and gives its
 * leases back. The folder must be locked by the caller.
 */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const { folder, logger, files = nodeFiles } = options;
  await files.mkdir(folder, { recursive: true, mode: 0o700 });
  const identity = await beginEpoch(folder, files);
  const scanFromSeq = await readScanPosition(folder, files);
  const replay = await replayJournal(folder, scanFromSeq, files);
  const state = createState({ ...options, files }, { ...identity, ...replay, scanFromSeq });
  for (const call of replay.openCalls) {
    state.append({ kind: "ended", start: call.start, end: crashEnd(call) });
  }
  if (identity.epoch > 1) {
    state.append({ kind: "epoch-ended", epoch: identity.epoch });
    await state.durable(state.nextSeq() - 1);
  }
  logger.info(
    { epoch: identity.epoch, nextSeq: state.nextSeq(), crashedCalls: replay.openCalls.length },
    "journal opened",
  );
  return state;
}

interface JournalStart {
  readonly journalId: Uint8Array;
  readonly epoch: number;
  readonly nextSeq: number;
  readonly segments: readonly Segment[];
  readonly openCalls: readonly OpenCall[];
  readonly scanFromSeq: number;
}

function createState(options: Required<JournalOptions>, start: JournalStart): Journal {
  // A last segment without a record is written over.
  const segments = start.segments.filter(({ firstSeq }) => firstSeq < start.nextSeq);
  // In the order of their records, for the oldest one tells where a replay must begin.
  const openStarts = new Map<CallStart, OpenSeqs>(
    start.openCalls.map((call) => [call.start, { startSeq: start.scanFromSeq, checkpointSeq: -1 }]),
  );
  const window = new RecordWindow(start.nextSeq, windowBytesMax);
  let onDurable = (): void => undefined;
  const writer = new JournalWriter({
    ...options,
    epoch: start.epoch,
    nextSeq: start.nextSeq,
    onSegment: (segment) => segments.push(segment),
    onRecord: (payload) => window.add(payload),
    onDurable: () => onDurable(),
  });
  const disk = createDiskReader(segments, options.files);
  const housekeeping = startHousekeeping({
    ...options,
    segments,
    findScanPosition: async () => {
      const position = firstStartOf(openStarts) ?? writer.nextSeq;
      // An end that a power cut could still take away must not move the position past its start.
      await writer.durable(writer.nextSeq - 1);
      return position;
    },
  });
  return {
    journalId: start.journalId,
    epoch: start.epoch,
    nextSeq: () => writer.nextSeq,
    durableSeq: () => writer.durableSeq,
    append: (content) => {
      const seq = writer.append(content);
      followOpenCalls({ openStarts, window }, content, seq);
      return seq;
    },
    written: () => writer.written(),
    durable: (seq) => writer.durable(seq),
    syncSoon: () => writer.syncSoon(),
    read: async (fromSeq, countMax) => {
      const count = Math.min(countMax, writer.durableSeq - fromSeq);
      return fromSeq >= window.firstSeq ? window.read(fromSeq, count) : disk.read(fromSeq, count);
    },
    acknowledge: (hwm) => {
      housekeeping.acknowledge(hwm);
      window.dropBefore(hwm);
    },
    hasRoom: housekeeping.hasRoom,
    openCallCount: () => openStarts.size,
    onDurable: (listener) => {
      onDurable = listener;
    },
    close: async () => {
      await housekeeping.close();
      await writer.close();
    },
  };
}

/** Where the records of an open call lie. */
interface OpenSeqs {
  readonly startSeq: number;
  /** Of the newest checkpoint, -1 = none. */
  checkpointSeq: number;
}

interface OpenCalls {
  readonly openStarts: Map<CallStart, OpenSeqs>;
  readonly window: RecordWindow;
}

function followOpenCalls(
  { openStarts, window }: OpenCalls,
  content: RecordContent,
  seq: number,
): void {
  if (content.kind === "started") {
    openStarts.set(content.start, { startSeq: seq, checkpointSeq: -1 });
    return;
  }
  if (content.kind !== "checkpoint" && content.kind !== "ended") {
    return;
  }
  const open = openStarts.get(content.start);
  if (open === undefined) {
    return;
  }
  // A newer checkpoint, or the end, tells all that the older record did.
  window.omit(open.checkpointSeq);
  open.checkpointSeq = seq;
  if (content.kind === "ended") {
    window.omit(open.startSeq);
    openStarts.delete(content.start);
  }
}

function firstStartOf(openStarts: ReadonlyMap<CallStart, OpenSeqs>): number | undefined {
  for (const { startSeq } of openStarts.values()) {
    return startSeq;
  }
  return undefined;
}
