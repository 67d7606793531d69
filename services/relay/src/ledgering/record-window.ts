/** The newest records of the journal, kept in memory until they are acknowledged, so that shipping seldom reads the disk. */
export class RecordWindow {
  readonly #bytesMax: number;
  #records: (Uint8Array | undefined)[] = [];
  #head = 0;
  #bytes = 0;
  #firstSeq: number;

  constructor(firstSeq: number, bytesMax: number) {
    this.#firstSeq = firstSeq;
    this.#bytesMax = bytesMax;
  }

  /** Records before this one are only on the disk. */
  get firstSeq(): number {
    return this.#firstSeq;
  }

  /** Takes the record after the last one; beyond the bound the oldest are let go. */
  add(payload: Uint8Array): void {
    this.#records.push(payload);
    this.#bytes += payload.length;
    while (this.#bytes > this.#bytesMax) {
      this.#dropFirst();
    }
  }

  /** A record that nobody needs to be told any more: {@link read} leaves it out. */
  omit(seq: number): void {
    const index = this.#head + seq - this.#firstSeq;
    if (index >= this.#head && index < this.#records.length) {
      this.#bytes -= this.#records[index]?.length ?? 0;
      this.#records[index] = undefined;
    }
  }

  /** Up to `countMax` records from `fromSeq` (not before {@link firstSeq}) on; `undefined` = left out. */
  read(fromSeq: number, countMax: number): readonly (Uint8Array | undefined)[] {
    const start = this.#head + fromSeq - this.#firstSeq;
    return this.#records.slice(start, start + countMax);
  }

  /** Lets go of every record before `seq`. */
  dropBefore(seq: number): void {
    while (this.#firstSeq < seq && this.#head < this.#records.length) {
      this.#dropFirst();
    }
  }

  #dropFirst(): void {
    this.#bytes -= this.#records[this.#head]?.length ?? 0;
    this.#records[this.#head] = undefined;
    this.#head += 1;
    this.#firstSeq += 1;
    if (this.#head > 1024 && this.#head * 2 > this.#records.length) {
      this.#records = this.#records.slice(this.#head);
      this.#head = 0;
    }
  }
}
