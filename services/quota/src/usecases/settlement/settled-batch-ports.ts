import type { SettledBatch } from "#domain/settled-batch.ts";
import type { Tx } from "#usecases/transaction.ts";

/** Which records of which journal each settlement applied. */
export interface SettledBatchStore {
  /** Belongs into the settlement's transaction. */
  readonly note: (batch: SettledBatch, tx: Tx) => Promise<void>;
  /** Forgets those from before a moment, a bounded number of them. */
  readonly removeBefore: (beforeMs: number, max: number) => Promise<void>;
}
