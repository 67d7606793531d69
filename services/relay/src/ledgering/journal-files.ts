/* oxlint-disable max-params -- the signatures are those of node:fs */
import { closeSync, fdatasync, ftruncateSync, openSync, write, writeSync } from "node:fs";
import {
  mkdir,
  open,
  readFile,
  readdir,
  rename,
  stat,
  statfs,
  truncate,
  unlink,
} from "node:fs/promises";

/** A file that is open for reading, or for being replaced. */
export interface OpenFile {
  readonly read: (
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
  ) => Promise<{ readonly bytesRead: number }>;
  readonly writeFile: (text: string) => Promise<void>;
  readonly sync: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * What the journal asks of a file system, with the meaning and the errors of `node:fs`. Functions as they are, nothing around
 * them: some are called for every turn of the event loop.
 */
export interface JournalFiles {
  readonly openSync: (path: string, flags: "r" | "w") => number;
  readonly closeSync: (file: number) => void;
  /** Answers how many bytes the page cache has taken. */
  readonly writeSync: (
    file: number,
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ) => number;
  readonly write: (
    file: number,
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
    done: (error: Error | null, written: number) => void,
  ) => void;
  readonly fdatasync: (file: number, done: (error: Error | null) => void) => void;
  readonly ftruncateSync: (file: number, length: number) => void;
  readonly mkdir: (
    path: string,
    options: { readonly recursive: true; readonly mode: number },
  ) => Promise<unknown>;
  readonly open: (path: string, flags: "r" | "r+" | "w", mode?: number) => Promise<OpenFile>;
  readonly readFile: (path: string, encoding: "utf8") => Promise<string>;
  readonly readdir: (path: string) => Promise<string[]>;
  readonly rename: (from: string, to: string) => Promise<void>;
  readonly stat: (path: string) => Promise<{ readonly mtimeMs: number }>;
  readonly statfs: (path: string) => Promise<{ readonly bavail: number; readonly bsize: number }>;
  readonly truncate: (path: string, length: number) => Promise<void>;
  readonly unlink: (path: string) => Promise<void>;
}

/** The machine's own file system. */
export const nodeFiles: JournalFiles = Object.freeze({
  openSync,
  closeSync,
  writeSync,
  write,
  fdatasync,
  ftruncateSync,
  mkdir,
  open,
  readFile,
  readdir,
  rename,
  stat,
  statfs,
  truncate,
  unlink,
});
