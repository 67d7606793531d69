import type { Clock } from "@tollgate/kit/clock/clock";
import type { Changes, RecallNotice } from "#usecases/changes.ts";

/** Who owns leases. */
export interface LeaseOwner {
  readonly journalId: Uint8Array;
  readonly epoch: number;
}

/** Where recalls meet their relays. Every replica hears every recall and keeps it for the relay's next word. */
export interface RecallBoard {
  /** Tells a relay's session at once. Ends with what is answered. */
  readonly follow: (owner: LeaseOwner, onRecall: (notice: RecallNotice) => void) => () => void;
  /** Recalls that no session was there for, for the answer to a beat. Each is taken once. */
  readonly take: (owner: LeaseOwner) => readonly RecallNotice[];
}

/** What {@link createRecallBoard} needs. */
export interface RecallBoardPorts {
  readonly changes: Pick<Changes, "subscribe">;
  readonly clock: Pick<Clock, "nowMs">;
}

interface Waiting {
  readonly atMs: number;
  readonly notices: readonly RecallNotice[];
}

const journalsMax = 1000;
const noticesMax = 1000;
// Whoever starved has been answered long since.
const keepMs = 5000;

/** Listens until the changes are closed. */
export function createRecallBoard({ changes, clock }: RecallBoardPorts): RecallBoard {
  const followers = new Map<string, Set<(notice: RecallNotice) => void>>();
  const waiting = new Map<string, Waiting>();

  function keep(notice: RecallNotice): void {
    if (waiting.size >= journalsMax) {
      waiting.clear();
    }
    const earlier = waiting.get(notice.journal)?.notices ?? [];
    const notices = earlier.length < noticesMax ? [...earlier, notice] : [notice];
    waiting.set(notice.journal, { atMs: clock.nowMs(), notices });
  }

  changes.subscribe(({ recalls = [] }) => {
    for (const notice of recalls) {
      const listeners = followers.get(notice.journal);
      listeners?.forEach((listener) => listener(notice));
      if (listeners === undefined) {
        keep(notice);
      }
    }
  });
  return {
    follow({ journalId, epoch }, onRecall) {
      const journal = journalNameOf(journalId);
      const listener = (notice: RecallNotice): void => {
        if (notice.epoch === epoch) {
          onRecall(notice);
        }
      };
      const listeners = followers.get(journal) ?? new Set();
      followers.set(journal, listeners.add(listener));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) {
          followers.delete(journal);
        }
      };
    },
    take({ journalId, epoch }) {
      const journal = journalNameOf(journalId);
      const found = waiting.get(journal);
      waiting.delete(journal);
      return found !== undefined && found.atMs >= clock.nowMs() - keepMs
        ? found.notices.filter((notice) => notice.epoch === epoch)
        : [];
    },
  };
}

/** A journal's id as recalls name it. */
export function journalNameOf(journalId: Uint8Array): string {
  return Buffer.from(journalId).toString("hex");
}
