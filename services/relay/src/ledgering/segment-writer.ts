import type { JournalFiles } from "#ledgering/journal-files.ts";
import type { Segment } from "#ledgering/journal-segment.ts";
import { segmentHeader, segmentHeaderBytes, segmentPath } from "#ledgering/journal-segment.ts";

/** Sizes of the journal's files. */
export interface JournalSizes {
  /** A segment that has grown to this is followed by a new one. */
  readonly segmentBytes: number;
  /** Space is set aside in steps of this, so that a sync seldom has metadata to write. */
  readonly allocateBytes: number;
}

export interface SegmentWriterOptions {
  readonly folder: string;
  readonly files: JournalFiles;
  readonly epoch: number;
  readonly sizes: JournalSizes;
  readonly onSegment: (segment: Segment) => void;
  /** A write or a sync failed: what is on the disk is unknown, so the process must end. */
  readonly onFailure: (error: Error) => void;
}

/** Writes bytes into segments, one after the other. */
export class SegmentWriter {
  readonly #options: SegmentWriterOptions;
  readonly #files: JournalFiles;
  readonly #zeros: Buffer;
  readonly #folder: number;
  /** Files with changes that no sync has covered. */
  readonly #dirty = new Set<number>();
  /** Files to close after their last sync. */
  readonly #finished = new Set<number>();
  #file = -1;
  #position = 0;
  #allocated = 0;
  #isAllocating = false;
  #isFinishing = false;

  constructor(options: SegmentWriterOptions, firstSeq: number) {
    this.#options = options;
    this.#files = options.files;
    this.#zeros = Buffer.alloc(options.sizes.allocateBytes);
    this.#folder = options.files.openSync(options.folder, "r");
    this.#start(firstSeq);
  }

  /** False while there is no place to which so many bytes could go; `onSpace` of {@link prepare} tells when. */
  canWrite(bytes: number): boolean {
    if (this.#isFinishing) {
      return false;
    }
    return !this.#isAllocating || this.#position + bytes <= this.#allocated;
  }

  /** Writes into the page cache: the bytes outlive this process. Throws what the system says. */
  write(bytes: Uint8Array): void {
    let offset = 0;
    while (offset < bytes.length) {
      const length = bytes.length - offset;
      offset += this.#files.writeSync(this.#file, bytes, offset, length, this.#position + offset);
    }
    this.#position += bytes.length;
    this.#dirty.add(this.#file);
  }

  /** After a write that ended with the record before `nextSeq`: begins a new segment or sets space aside when it is time. */
  prepare(nextSeq: number, onSpace: () => void): void {
    if (this.isBusy) {
      return;
    }
    const { segmentBytes, allocateBytes } = this.#options.sizes;
    if (this.#position >= segmentBytes) {
      this.#finish(nextSeq, onSpace);
      return;
    }
    this.#allocated = Math.max(this.#allocated, this.#position);
    if (this.#allocated - this.#position < allocateBytes) {
      this.#allocate(onSpace);
    }
  }

  /** Brings everything written so far to the disk. Reports failures to `onFailure` and then never calls `done`. */
  sync(done: () => void): void {
    const files = [...this.#dirty];
    this.#dirty.clear();
    this.#syncNext(files, done);
  }

  /** Cuts the space never used and closes. Call it after a sync, with nothing written since. */
  close(): void {
    this.#files.ftruncateSync(this.#file, this.#position);
    this.#files.closeSync(this.#file);
    this.#files.closeSync(this.#folder);
  }

  /** True while something is under way that ends with `onSpace` of {@link prepare}. */
  get isBusy(): boolean {
    return this.#isAllocating || this.#isFinishing;
  }

  /**
   * Ends the segment. The next one begins when everything in this one is on the disk: a power cut that kept the later file and
   * lost the end of the earlier one would leave a gap, and nobody could tell it from damage.
   */
  #finish(nextSeq: number, onSpace: () => void): void {
    this.#isFinishing = true;
    const file = this.#file;
    this.#files.fdatasync(file, (error) => {
      if (error !== null) {
        this.#options.onFailure(error);
        return;
      }
      try {
        this.#files.ftruncateSync(file, this.#position);
        this.#dirty.add(file);
        this.#finished.add(file);
        this.#start(nextSeq);
      } catch (failure) {
        this.#options.onFailure(failure instanceof Error ? failure : new Error(String(failure)));
        return;
      }
      this.#isFinishing = false;
      this.#allocate(onSpace);
    });
  }

  #start(firstSeq: number): void {
    const { folder, epoch, onSegment } = this.#options;
    const path = segmentPath(folder, firstSeq);
    this.#file = this.#files.openSync(path, "w");
    this.#files.writeSync(this.#file, segmentHeader(firstSeq, epoch), 0, segmentHeaderBytes, 0);
    this.#position = segmentHeaderBytes;
    this.#allocated = segmentHeaderBytes;
    this.#dirty.add(this.#file);
    // The name of the new file must outlive a power cut too.
    this.#dirty.add(this.#folder);
    onSegment({ path, firstSeq });
  }

  #allocate(onSpace: () => void): void {
    this.#isAllocating = true;
    const file = this.#file;
    this.#files.write(file, this.#zeros, 0, this.#zeros.length, this.#allocated, (error, bytes) => {
      this.#isAllocating = false;
      if (error !== null) {
        this.#options.onFailure(error);
        return;
      }
      this.#allocated += bytes;
      this.#dirty.add(file);
      onSpace();
    });
  }

  #syncNext(files: number[], done: () => void): void {
    const file = files.pop();
    if (file === undefined) {
      done();
      return;
    }
    this.#files.fdatasync(file, (error) => {
      if (error !== null) {
        this.#options.onFailure(error);
        return;
      }
      // What was written while this sync ran waits for the next one.
      if (!this.#dirty.has(file) && this.#finished.delete(file)) {
        this.#files.closeSync(file);
      }
      this.#syncNext(files, done);
    });
  }
}
