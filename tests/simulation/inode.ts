import type { Dice } from "./dice.ts";

const sectorBytes = 512;

/** What a sync under way brings to the platter. */
export interface SectorWrites {
  /** Grows with every sync: of two contents of a sector the later one stays. */
  readonly version: number;
  readonly sectors: ReadonlyMap<number, Buffer>;
  readonly size: number;
}

/** One file: what the page cache shows, and what the platter has. */
export class Inode {
  mtimeMs: number;
  /** True: a folder. Its sync makes names durable. */
  readonly isFolder: boolean;
  #cached = Buffer.alloc(0);
  #durable = Buffer.alloc(0);
  readonly #dirty = new Set<number>();
  readonly #inFlight = new Set<SectorWrites>();
  readonly #applied = new Map<number, number>();
  #sizeApplied = 0;
  #version = 0;

  constructor(nowMs: number, isFolder = false) {
    this.mtimeMs = nowMs;
    this.isFolder = isFolder;
  }

  get size(): number {
    return this.#cached.length;
  }

  /** What a process reads. */
  get content(): Buffer {
    return this.#cached;
  }

  write(bytes: Uint8Array, position: number): void {
    const end = position + bytes.length;
    if (end > this.#cached.length) {
      const longer = Buffer.alloc(end);
      this.#cached.copy(longer);
      this.#cached = longer;
    }
    this.#cached.set(bytes, position);
    for (let sector = sectorOf(position); sector * sectorBytes < end; sector += 1) {
      this.#dirty.add(sector);
    }
  }

  truncate(length: number): void {
    const cut = Buffer.alloc(length);
    this.#cached.copy(cut);
    this.#cached = cut;
    this.#dirty.add(sectorOf(Math.max(0, length - 1)));
  }

  /** What is dirty now goes on its way; {@link finishSync} says that it has arrived. */
  beginSync(): SectorWrites {
    const sectors = new Map<number, Buffer>();
    for (const sector of this.#dirty) {
      sectors.set(sector, this.#sector(sector));
    }
    this.#dirty.clear();
    this.#version += 1;
    const writes = { version: this.#version, sectors, size: this.#cached.length };
    this.#inFlight.add(writes);
    return writes;
  }

  finishSync(writes: SectorWrites): void {
    // A power cut in between has decided what of it arrived; otherwise everything before it arrives with it.
    if (this.#inFlight.has(writes)) {
      for (const earlier of this.#inFlight) {
        if (earlier.version <= writes.version) {
          this.#inFlight.delete(earlier);
          this.#apply(earlier);
        }
      }
    }
  }

  /** The sync failed: what it was to bring is as dirty as before. */
  failSync(writes: SectorWrites): void {
    if (!this.#inFlight.delete(writes)) {
      return;
    }
    for (const sector of writes.sectors.keys()) {
      this.#dirty.add(sector);
    }
  }

  /** Any part of what was not synced may have reached the platter, in any order. */
  cutPower(dice: Dice): void {
    const share = dice.pick([0, 0.5, 0.9, 1]);
    for (const writes of this.#inFlight) {
      this.#lose(writes, dice, share);
    }
    this.#inFlight.clear();
    if (this.#dirty.size > 0) {
      const sectors = new Map([...this.#dirty].map((sector) => [sector, this.#sector(sector)]));
      const version = this.#version + 1;
      this.#lose({ version, sectors, size: this.#cached.length }, dice, share);
    }
    this.#dirty.clear();
    this.#cached = Buffer.from(this.#durable);
  }

  #lose({ version, sectors, size }: SectorWrites, dice: Dice, share: number): void {
    const kept = new Map([...sectors].filter(() => dice.next() < share));
    const isSizeKept = dice.next() < share;
    this.#apply({ version, sectors: kept, size: isSizeKept ? size : this.#durable.length });
  }

  #apply({ version, sectors, size }: SectorWrites): void {
    const length = version > this.#sizeApplied ? size : this.#durable.length;
    this.#sizeApplied = Math.max(this.#sizeApplied, version);
    const next = Buffer.alloc(length);
    this.#durable.copy(next);
    for (const [sector, bytes] of sectors) {
      if (version > (this.#applied.get(sector) ?? 0)) {
        this.#applied.set(sector, version);
        bytes.copy(next, sector * sectorBytes);
      }
    }
    this.#durable = next;
  }

  #sector(sector: number): Buffer {
    const start = sector * sectorBytes;
    return Buffer.from(this.#cached.subarray(start, start + sectorBytes));
  }
}

function sectorOf(position: number): number {
  return Math.floor(position / sectorBytes);
}
