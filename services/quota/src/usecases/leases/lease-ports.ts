/** What the operators' view of journals and leases needs from the world. */
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import type { Page } from "#domain/list-range.ts";
import type { OpenCall, OpenCallChanges } from "#domain/open-calls.ts";
import type { Tx } from "#usecases/transaction.ts";

/** Calls that run for long, at rest. */
export interface OpenCallStore {
  readonly write: (journalId: Uint8Array, changes: OpenCallChanges, tx: Tx) => Promise<void>;
  /** Each as it is billed when its relay's disk is lost. */
  readonly readAll: (journalId: Uint8Array, tx?: Tx) => Promise<readonly OpenCall[]>;
  readonly removeAll: (journalId: Uint8Array, tx: Tx) => Promise<void>;
}

/** A journal as operators see it. */
export interface JournalOverview {
  readonly journalId: Uint8Array;
  readonly nodeName: string;
  readonly build: string;
  readonly epoch: number;
  readonly hwm: number;
  readonly lastSeenMs: number;
  readonly leaseCount: number;
  readonly heldNanos: NanoUsd;
  readonly openCalls: number;
  /** 0 = never. */
  readonly forceClosedAtMs: number;
}

/** Journals for operators. */
export interface JournalDesk {
  /** The one that was heard of last first. */
  readonly list: (page: {
    readonly offset: number;
    readonly limit: number;
    readonly hasTotal: boolean;
  }) => Promise<Page<JournalOverview>>;
  readonly find: (journalId: Uint8Array) => Promise<JournalOverview | undefined>;
  /** Journals with active leases that were not heard of since then, the most silent first. */
  readonly listSilent: (beforeMs: number, max: number) => Promise<readonly Uint8Array[]>;
  /** Writes down that the journal is given up, and lets only this epoch go on with it. */
  readonly close: (
    journalId: Uint8Array,
    to: { readonly epoch: number; readonly atMs: number },
    tx: Tx,
  ) => Promise<void>;
}
