/** What keeping the log of calls needs from the world. */
import type { Tx } from "#usecases/transaction.ts";

/** How far back the log goes. Times are those in the request ids, at the start of a day. */
export interface LogExtent {
  /** Calls before this are not posted any more. */
  readonly floorMs: number;
  /** Rows before this count no longer as part of the main database. At most the floor. */
  readonly droppedMs: number;
}

/** The log's extent, for settlements. */
export interface LogFloor {
  /** Reads the floor and keeps it from rising until the transaction ends. */
  readonly share: (tx: Tx) => Promise<number>;
}

/** The log at rest, as far as its age is concerned. */
export interface LogKeepingStore extends LogFloor {
  readonly readExtent: () => Promise<LogExtent>;
  /** Waits for settlements that rely on the lower floor. Never lowers it. */
  readonly raiseFloor: (floorMs: number) => Promise<void>;
  /** Makes rows before the moment count no longer, and notes what they added to settlements that have other rows. */
  readonly retire: (droppedMs: number) => Promise<void>;
  /** Makes room for the days to come, where the engine wants that. Does nothing while another replica does it. */
  readonly prepareDays: (nowMs: number) => Promise<void>;
  /** Removes rows that no longer count, a bounded number of them; answers false when some are left. */
  readonly removeRetired: () => Promise<boolean>;
}

/** The way of rows into the log database. */
export interface LogCopier {
  /** Copies what is new, a bounded number of rows. */
  readonly copy: (nowMs: number) => Promise<void>;
  /** Sees to it that every row of the window is there. Nothing may be posted in that window any more. */
  readonly complete: (fromMs: number, toMs: number) => Promise<void>;
}
