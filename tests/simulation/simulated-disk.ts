/* oxlint-disable max-params -- the signatures are those of node:fs */
/** A volume with a page cache. What is written outlives the process, what is synced outlives a power cut, and nothing else does. */
import type { Clock } from "@tollgate/kit/clock/clock";
import type { JournalFiles, OpenFile } from "../../services/relay/src/ledgering/journal-files.ts";
import type { Dice } from "./dice.ts";
import { Inode } from "./inode.ts";
import type { ProcessClock } from "./process-clock.ts";

/** How much space is left: some; so little that admission stops; none. */
export type DiskSpace = "plenty" | "low" | "none";

/** How often a sync takes long or fails. */
export interface DiskTemper {
  readonly slowSync: number;
  readonly failedSync: number;
}

export interface SimulatedDisk {
  space: DiskSpace;
  /** True: the next sync fails. */
  isSyncBroken: boolean;
  /** The file system as one process sees it; ends with the process. */
  readonly mount: (process: ProcessClock) => JournalFiles;
  /** Everything that was not synced is lost, or a part of it. */
  readonly cutPower: () => void;
  /** What a process would read, by path. */
  readonly contents: () => ReadonlyMap<string, Buffer>;
  /** Puts a file on the platter. */
  readonly place: (path: string, text: string) => void;
}

export interface DiskPorts {
  readonly clock: Clock;
  readonly dice: Dice;
  readonly temper: DiskTemper;
  readonly folder: string;
}

const blockBytes = 4096;
const freeBlocks = { plenty: 1_000_000, low: 1, none: 0 } as const satisfies Record<
  DiskSpace,
  number
>;

export function createSimulatedDisk(ports: DiskPorts): SimulatedDisk {
  const volume = new Volume(ports);
  const disk: SimulatedDisk = {
    space: "plenty",
    isSyncBroken: false,
    mount: (process) => mountVolume(volume, disk, process),
    cutPower: () => volume.cutPower(),
    contents: () => new Map([...volume.names].map(([path, inode]) => [path, inode.content])),
    place: (path, text) => {
      const inode = new Inode(ports.clock.nowMs());
      inode.write(Buffer.from(text), 0);
      inode.finishSync(inode.beginSync());
      volume.names.set(path, inode);
      volume.syncNames();
    },
  };
  return disk;
}

class Volume {
  readonly ports: DiskPorts;
  readonly folder: Inode;
  names = new Map<string, Inode>();
  cuts = 0;
  #durableNames = new Map<string, Inode>();

  constructor(ports: DiskPorts) {
    this.ports = ports;
    this.folder = new Inode(ports.clock.nowMs(), true);
  }

  syncNames(names: ReadonlyMap<string, Inode> = this.names): void {
    this.#durableNames = new Map(names);
  }

  cutPower(): void {
    const { dice } = this.ports;
    this.cuts += 1;
    const next = new Map<string, Inode>();
    for (const path of new Set([...this.#durableNames.keys(), ...this.names.keys()])) {
      const [before, after] = [this.#durableNames.get(path), this.names.get(path)];
      const found = before === after || dice.chance(0.5) ? after : before;
      if (found !== undefined) {
        next.set(path, found);
      }
    }
    this.names = next;
    this.#durableNames = new Map(next);
    for (const inode of new Set(next.values())) {
      inode.cutPower(dice);
    }
  }
}

function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}

function mountVolume(volume: Volume, disk: SimulatedDisk, process: ProcessClock): JournalFiles {
  const { dice, temper, clock } = volume.ports;
  const open = new Map<number, Inode>();
  let lastFile = 2;
  const never = new Promise<never>(() => undefined);

  const find = (path: string): Inode => {
    const inode = path === volume.ports.folder ? volume.folder : volume.names.get(path);
    if (inode === undefined) {
      throw systemError("ENOENT", path);
    }
    return inode;
  };
  const byNumber = (file: number): Inode => {
    const inode = open.get(file);
    if (inode === undefined) {
      throw systemError("EBADF", `file ${file}`);
    }
    return inode;
  };
  const openPath = (path: string, flags: string): Inode => {
    if (flags !== "w") {
      return find(path);
    }
    if (disk.space === "none") {
      throw systemError("ENOSPC", path);
    }
    const inode = new Inode(clock.nowMs());
    volume.names.set(path, inode);
    return inode;
  };
  const put = (inode: Inode, bytes: Uint8Array, position: number): number => {
    if (disk.space === "none" && position + bytes.length > inode.size) {
      throw systemError("ENOSPC", "write");
    }
    inode.write(bytes, position);
    inode.mtimeMs = clock.nowMs();
    return bytes.length;
  };
  const syncMs = (): number =>
    dice.chance(temper.slowSync) ? dice.integer(20, 400) : dice.integer(1, 3);
  const sync = (inode: Inode, done: (error: Error | null) => void): void => {
    const writes = inode.beginSync();
    const names = inode.isFolder ? new Map(volume.names) : undefined;
    const { cuts } = volume;
    const isBroken = disk.isSyncBroken || dice.chance(temper.failedSync);
    disk.isSyncBroken = false;
    // The device goes on when the process has ended: what was on its way arrives.
    clock.setTimeout(() => {
      if (isBroken) {
        inode.failSync(writes);
      } else {
        inode.finishSync(writes);
        if (names !== undefined && cuts === volume.cuts) {
          volume.syncNames(names);
        }
      }
      if (process.isAlive()) {
        done(isBroken ? systemError("EIO", "fdatasync") : null);
      }
    }, syncMs());
  };
  const alive = async <Result>(work: () => Result): Promise<Result> =>
    process.isAlive() ? work() : never;

  return {
    openSync: (path, flags) => {
      lastFile += 1;
      open.set(lastFile, process.isAlive() ? openPath(path, flags) : new Inode(0));
      return lastFile;
    },
    closeSync: (file) => void open.delete(file),
    writeSync: (file, bytes, offset, length, position) => {
      const inode = byNumber(file);
      return process.isAlive()
        ? put(inode, bytes.subarray(offset, offset + length), position)
        : length;
    },
    write: (file, bytes, offset, length, position, done) => {
      const inode = byNumber(file);
      process.setTimeout(
        () => {
          try {
            done(null, put(inode, bytes.subarray(offset, offset + length), position));
          } catch (error) {
            done(error instanceof Error ? error : new Error(String(error)), 0);
          }
        },
        dice.integer(1, 5),
      );
    },
    fdatasync: (file, done) => {
      if (!process.isAlive()) {
        return;
      }
      const inode = open.get(file);
      if (inode === undefined) {
        process.setTimeout(() => done(systemError("EBADF", `file ${file}`)), 1);
      } else {
        sync(inode, done);
      }
    },
    ftruncateSync: (file, length) => {
      if (process.isAlive()) {
        byNumber(file).truncate(length);
      }
    },
    mkdir: async () => alive(() => undefined),
    open: async (path, flags) =>
      alive(() => openFile({ inode: openPath(path, flags), put, sync, alive })),
    readFile: async (path) => alive(() => find(path).content.toString("utf8")),
    readdir: async () =>
      alive(() => [...volume.names.keys()].map((path) => path.slice(path.lastIndexOf("/") + 1))),
    rename: async (from, to) =>
      alive(() => {
        volume.names.set(to, find(from));
        volume.names.delete(from);
      }),
    stat: async (path) => alive(() => find(path)),
    statfs: async () => alive(() => ({ bavail: freeBlocks[disk.space], bsize: blockBytes })),
    truncate: async (path, length) => alive(() => find(path).truncate(length)),
    unlink: async (path) => alive(() => void volume.names.delete(path)),
  };
}

interface FilePorts {
  readonly inode: Inode;
  readonly put: (inode: Inode, bytes: Uint8Array, position: number) => number;
  readonly sync: (inode: Inode, done: (error: Error | null) => void) => void;
  readonly alive: <Result>(work: () => Result) => Promise<Result>;
}

function openFile({ inode, put, sync, alive }: FilePorts): OpenFile {
  return {
    read: async (buffer, offset, length, position) =>
      alive(() => {
        const start = Math.min(position, inode.size);
        return { bytesRead: inode.content.copy(buffer, offset, start, start + length) };
      }),
    writeFile: async (text) => alive(() => void put(inode, Buffer.from(text), 0)),
    sync: async () =>
      new Promise((resolve, reject) => {
        void alive(() =>
          sync(inode, (error) => {
            if (error === null) {
              resolve();
            } else {
              reject(error);
            }
          }),
        );
      }),
    close: async () => alive(() => undefined),
  };
}
