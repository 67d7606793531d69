/** What the checks of the books need from the world. Everything is read along a key, page by page, and nothing is locked. */
import type { CallSet, SettledBatch } from "#domain/settled-batch.ts";
import type { Check, CheckFindings, CheckRun } from "#domain/check-run.ts";

/** Where the next run of a check begins; each check knows its own. */
export type CheckState = Readonly<Record<string, unknown>>;

/** What a check gets. */
export interface CheckContext {
  readonly nowMs: number;
  /** As its last run left it; empty at first. */
  readonly state: CheckState;
  /** True when there is no time left: the run ends after the page that it is at. */
  readonly isOver: () => boolean;
}

/** What a check gives. */
export interface CheckOutcome extends CheckFindings {
  readonly state: CheckState;
}

/** Runs a check. */
export type RunOneCheck = (context: CheckContext) => Promise<CheckOutcome>;

/** A sum that does not hold. */
export interface Difference {
  readonly userId: number;
  /** Stored minus computed, nano-USD. */
  readonly differenceNanos: bigint;
}

/** Sums per user; each look is one statement, hence one view of the database. */
export interface UserSums {
  /** In order, behind `afterId`. */
  readonly listUsers: (afterId: number, max: number) => Promise<readonly number[]>;
  /** Users with a movement of money or a lease since then, in order, behind `afterId`. */
  readonly listTouched: (
    sinceMs: number,
    afterId: number,
    max: number,
  ) => Promise<readonly number[]>;
  /** Where `held` is not what active leases hold. */
  readonly compareHeld: (userIds: readonly number[]) => Promise<readonly Difference[]>;
  /** Where `posted` is not the sum of the ledger's entries. */
  readonly comparePosted: (userIds: readonly number[]) => Promise<readonly Difference[]>;
}

/** A stretch of time, the end not included. */
export interface TimeWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What one settlement charged one user. */
export interface BatchSum {
  /** 16 bytes. */
  readonly batchId: Uint8Array;
  readonly userId: number;
  readonly costNanos: bigint;
}

/** A call whose cost quota corrected. */
export interface CorrectedCall {
  readonly requestId: Uint8Array;
  readonly userId: number;
}

/** Calls of a window whose relay computed another cost. */
export interface CorrectedCalls {
  /** All calls. */
  readonly calls: number;
  readonly corrected: number;
  readonly first: readonly CorrectedCall[];
}

/** Settlements by the time at which they were written. */
export interface BatchSums {
  /** Undefined when there are more than `max`. */
  readonly listCharged: (
    window: TimeWindow,
    max: number,
  ) => Promise<readonly BatchSum[] | undefined>;
  /** Sums of the rows of calls that started not long before the window. Undefined when there are more than `max`. */
  readonly listRows: (window: TimeWindow, max: number) => Promise<readonly BatchSum[] | undefined>;
  /** One settlement and user exactly, also of calls that started long before; undefined when there are too many rows to tell. */
  readonly sumExactly: (batch: Pick<BatchSum, "batchId" | "userId">) => Promise<bigint | undefined>;
  /** Among calls settled in the window; at most `max` of them by name. */
  readonly findCorrected: (window: TimeWindow, max: number) => Promise<CorrectedCalls>;
  /** Settlements before this have lost rows; of later ones it is known what they lost. */
  readonly readFloor: () => Promise<number>;
}

/** A journal and what must fit it. */
export interface JournalFacts {
  readonly journalId: Uint8Array;
  readonly epoch: number;
  readonly hwm: number;
  /** The highest place of an open call; undefined = there is none. */
  readonly lastOpenSeq: number | undefined;
  /** The highest epoch of its active leases; undefined = there is none. */
  readonly lastLeaseEpoch: number | undefined;
}

/** A lease that is open for long. */
export interface OldLease {
  readonly journalId: Uint8Array;
  readonly epoch: number;
  readonly leaseNo: number;
  readonly userId: number;
  readonly createdAtMs: number;
}

/** A journal that was not heard of. */
export interface SilentJournal {
  readonly journalId: Uint8Array;
  readonly nodeName: string;
  readonly lastSeenMs: number;
}

/** Journals and leases. */
export interface JournalSums {
  /** In the order of their ids, behind `after`. */
  readonly list: (after: Uint8Array | undefined, max: number) => Promise<readonly JournalFacts[]>;
  readonly findOldLeases: (
    beforeMs: number,
    max: number,
  ) => Promise<{
    readonly active: number;
    readonly old: number;
    readonly first: readonly OldLease[];
  }>;
  /** Those that hold money or have open calls. */
  readonly findSilent: (beforeMs: number, max: number) => Promise<readonly SilentJournal[]>;
}

/** What keeps a settlement from being posted a second time. */
export interface ReplaySums {
  readonly countBatches: (window: TimeWindow) => Promise<number>;
  /** The first one of a window. */
  readonly findBatch: (window: TimeWindow) => Promise<SettledBatch | undefined>;
  readonly readMark: (batch: SettledBatch) => Promise<{
    /** The first record of its journal that is not applied. */
    readonly hwm: number;
    /** Another settlement applied some of the same records. */
    readonly isAppliedTwice: boolean;
  }>;
  /** Its calls in the log; undefined = they lie too far apart to be looked for. */
  readonly readCalls: (batch: SettledBatch) => Promise<CallSet | undefined>;
  /** Calls before this have left the log. */
  readonly readFloor: () => Promise<number>;
}

/** Runs at rest. */
export interface CheckRunStore {
  readonly findState: (check: Check) => Promise<CheckState>;
  /** Also removes runs that nobody needs any more. */
  readonly insert: (run: CheckRun, state: CheckState) => Promise<void>;
  /** The last run of each check that has run. */
  readonly listLast: () => Promise<readonly CheckRun[]>;
  /** Runs that found something, newest first. */
  readonly listAlarms: (max: number) => Promise<readonly CheckRun[]>;
}
