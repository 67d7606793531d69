import { crc32 } from "node:zlib";
import type { Clock, Timer } from "@tollgate/kit/clock/clock";
import type { RecordContent } from "#ledgering/encode-record.ts";
import { encodeRecord, recordBytesMax } from "#ledgering/encode-record.ts";
import { frameHeaderBytes } from "#ledgering/journal-segment.ts";
import { RecordWriter } from "#ledgering/record-writer.ts";
import type { SegmentWriterOptions } from "#ledgering/segment-writer.ts";
import { SegmentWriter } from "#ledgering/segment-writer.ts";

export interface JournalWriterOptions extends SegmentWriterOptions {
  readonly clock: Pick<Clock, "setTimeout">;
  readonly nextSeq: number;
  /** Told every record as it was encoded; the bytes are never written to again. */
  readonly onRecord: (payload: Uint8Array) => void;
  /** Told when records have become durable. */
  readonly onDurable: () => void;
}

const slabBytes = 512 * 1024;
// A record that nobody waits for is on the disk after this long at the latest.
const lazySyncMs = 50;
// A sync that covered so many records is a busy one: the next waits a moment, so that more of them share it.
const busyRecords = 16;
const busyPauseMs = 2;

interface Gate {
  readonly promise: Promise<void>;
  readonly open: () => void;
}

/**
 * The single writer of a journal. Records are encoded into a slab; what one turn of the event loop appended is written with
 * one call. The disk is asked when somebody waits for it, and while one sync runs, later writes gather for the next one: all
 * who wait share it.
 */
export class JournalWriter {
  readonly #options: JournalWriterOptions;
  readonly #segments: SegmentWriter;
  readonly #writer = new RecordWriter(Buffer.allocUnsafeSlow(slabBytes));
  readonly #flush = (): void => this.#writePending();
  #slices: Buffer[] = [];
  #sliceStart = 0;
  #nextSeq: number;
  #writtenSeq: number;
  #durableSeq: number;
  #syncTarget: number;
  #isFlushDue = false;
  #isSyncing = false;
  #isSyncWanted = false;
  #lazySync: Timer | undefined;
  #busyPause: Timer | undefined;
  #writtenGate: Gate | undefined;
  #thisSync: Gate | undefined;
  #nextSync: Gate | undefined;

  constructor(options: JournalWriterOptions) {
    this.#options = options;
    this.#nextSeq = options.nextSeq;
    this.#writtenSeq = options.nextSeq;
    this.#durableSeq = options.nextSeq;
    this.#syncTarget = options.nextSeq;
    this.#segments = new SegmentWriter(options, options.nextSeq);
  }

  /** The sequence number that the next record gets. */
  get nextSeq(): number {
    return this.#nextSeq;
  }

  /** The first record that is not on the disk yet. */
  get durableSeq(): number {
    return this.#durableSeq;
  }

  /** Takes a record and answers its sequence number. */
  append(content: RecordContent): number {
    const writer = this.#writer;
    if (slabBytes - writer.position < recordBytesMax + frameHeaderBytes) {
      this.#takeSlice();
      writer.reset(Buffer.allocUnsafeSlow(slabBytes), 0);
      this.#sliceStart = 0;
    }
    const { bytes, position: start } = writer;
    writer.reset(bytes, start + frameHeaderBytes);
    encodeRecord(writer, content);
    const payload = bytes.subarray(start + frameHeaderBytes, writer.position);
    bytes.writeUInt32LE(payload.length, start);
    bytes.writeUInt32LE(crc32(payload), start + 4);
    const seq = this.#nextSeq;
    this.#nextSeq += 1;
    this.#options.onRecord(payload);
    if (!this.#isFlushDue) {
      this.#isFlushDue = true;
      setImmediate(this.#flush);
    }
    return seq;
  }

  /** Resolves when everything appended so far is written, which outlives this process; `undefined` = it is. */
  written(): Promise<void> | undefined {
    if (this.#writtenSeq === this.#nextSeq) {
      return undefined;
    }
    this.#writtenGate ??= makeGate();
    return this.#writtenGate.promise;
  }

  /** Resolves when the record is on the disk, which outlives a power cut; `undefined` = it is. */
  durable(seq: number): Promise<void> | undefined {
    if (seq < this.#durableSeq) {
      return undefined;
    }
    if (this.#isSyncing && seq < this.#syncTarget) {
      this.#thisSync ??= makeGate();
      return this.#thisSync.promise;
    }
    // Asked for before the sync is: a sync that begins at once takes the gate along.
    const { promise } = (this.#nextSync ??= makeGate());
    this.syncSoon();
    return promise;
  }

  /** Everything appended so far is to be brought to the disk without delay. */
  syncSoon(): void {
    this.#isSyncWanted = true;
    this.#sync();
  }

  /** Writes and syncs what is left and closes. Nothing may be appended any more. */
  async close(): Promise<void> {
    if (this.#nextSeq > this.#durableSeq) {
      await this.durable(this.#nextSeq - 1);
    }
    while (this.#segments.isBusy || this.#isSyncing) {
      await new Promise((resolve) => {
        this.#options.clock.setTimeout(() => resolve(undefined), 1);
      });
    }
    this.#lazySync?.cancel();
    this.#busyPause?.cancel();
    this.#segments.close();
  }

  #takeSlice(): void {
    const { bytes, position } = this.#writer;
    if (position > this.#sliceStart) {
      this.#slices.push(bytes.subarray(this.#sliceStart, position));
      this.#sliceStart = position;
    }
  }

  #writePending(): void {
    this.#isFlushDue = false;
    this.#takeSlice();
    const slices = this.#slices;
    let length = 0;
    for (const slice of slices) {
      length += slice.length;
    }
    if (!this.#segments.canWrite(length)) {
      // Zeros on their way would overwrite these records: the end of that write comes back here.
      return;
    }
    try {
      for (const slice of slices) {
        this.#segments.write(slice);
      }
      this.#slices = [];
      this.#writtenSeq = this.#nextSeq;
      this.#segments.prepare(this.#nextSeq, this.#flush);
    } catch (error) {
      this.#options.onFailure(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    this.#writtenGate?.open();
    this.#writtenGate = undefined;
    if (this.#isSyncWanted) {
      this.#sync();
    } else {
      this.#lazySync ??= this.#options.clock.setTimeout(() => this.syncSoon(), lazySyncMs);
    }
  }

  #sync(): void {
    // While records wait to be written the sync waits with them: it answers whoever asked for any record so far.
    const isDue = this.#writtenSeq > this.#durableSeq && this.#writtenSeq === this.#nextSeq;
    if (!isDue || this.#isSyncing || this.#busyPause !== undefined) {
      return;
    }
    this.#lazySync?.cancel();
    this.#lazySync = undefined;
    this.#isSyncing = true;
    this.#isSyncWanted = false;
    this.#syncTarget = this.#writtenSeq;
    this.#thisSync = this.#nextSync;
    this.#nextSync = undefined;
    this.#segments.sync(() => {
      this.#isSyncing = false;
      const isBusy = this.#syncTarget - this.#durableSeq >= busyRecords;
      this.#durableSeq = this.#syncTarget;
      this.#thisSync?.open();
      this.#thisSync = undefined;
      this.#options.onDurable();
      this.#syncNext(isBusy);
    });
  }

  #syncNext(isBusy: boolean): void {
    if (isBusy) {
      this.#busyPause = this.#options.clock.setTimeout(() => {
        this.#busyPause = undefined;
        this.#syncNext(false);
      }, busyPauseMs);
    } else if (this.#isSyncWanted) {
      this.#sync();
    } else if (this.#writtenSeq > this.#durableSeq) {
      this.#lazySync ??= this.#options.clock.setTimeout(() => this.syncSoon(), lazySyncMs);
    }
  }
}

function makeGate(): Gate {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { promise, open: resolve };
}
