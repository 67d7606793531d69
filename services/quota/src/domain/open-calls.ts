/** Which calls a stretch of a journal leaves open, for the case that their relay's disk is lost. */
import type { EndedCall, JournalEntry } from "./journal-entry.ts";
import { mayHaveBeenOpen } from "./journal-entry.ts";
import { idText } from "./settlement.ts";

/** A call that runs. */
export interface OpenCall {
  /** Place in the journal of what was last heard of it. */
  readonly seq: number;
  /** Its start and its usage so far. */
  readonly call: EndedCall;
}

/** What to remember and what to forget. */
export interface OpenCallChanges {
  /** In the order of request ids. */
  readonly opened: readonly OpenCall[];
  /** Request ids; most of them were never open. */
  readonly closed: readonly Uint8Array[];
}

/** Reads records in order. */
export function followOpenCalls(
  records: Iterable<{ readonly seq: number; readonly entry: JournalEntry }>,
): OpenCallChanges {
  const opened = new Map<string, OpenCall>();
  const closed: Uint8Array[] = [];
  for (const { seq, entry } of records) {
    if (entry.kind === "open") {
      opened.set(idText(entry.call.requestId), { seq, call: entry.call });
    } else if (entry.kind === "ended" && mayHaveBeenOpen(entry.call)) {
      const { requestId } = entry.call;
      opened.delete(idText(requestId));
      closed.push(requestId);
    }
  }
  const byId = [...opened.values()].sort((one, other) =>
    Buffer.compare(one.call.requestId, other.call.requestId),
  );
  return { opened: byId, closed };
}
