import { fault } from "#domain/faults.ts";
import type { Journal } from "#usecases/money-ports.ts";

/** The journal, if this epoch owns it. Throws JOURNAL_UNKNOWN (say hello first) or EPOCH_FENCED (another process owns it). */
export function checkEpoch(journal: Journal | undefined, epoch: number): Journal {
  if (journal === undefined || epoch > journal.epoch) {
    throw fault("JOURNAL_UNKNOWN");
  }
  if (epoch < journal.epoch) {
    throw fault("EPOCH_FENCED");
  }
  return journal;
}
