import { uuidV7Time } from "@tollgate/kit/ids/uuid-v7";
import type { JournalEntry } from "#domain/journal-entry.ts";
import { isSurelyKept } from "#domain/log-window.ts";
import type { LogFloor } from "#usecases/log/log-keeping-ports.ts";
import type { Tx } from "#usecases/transaction.ts";

/** What a settlement is about to post. */
interface Posting {
  readonly entries: readonly JournalEntry[];
  readonly nowMs: number;
  readonly tx: Tx;
}

/** The moment before which none of these calls may be posted; 0 = all are young. Only then is the database asked. */
export async function readSettlementFloor(
  logKeeping: LogFloor,
  { entries, nowMs, tx }: Posting,
): Promise<number> {
  const isAnyOld = entries.some(
    (entry) => entry.kind === "ended" && !isSurelyKept(uuidV7Time(entry.call.requestId), nowMs),
  );
  return isAnyOld ? logKeeping.share(tx) : 0;
}
