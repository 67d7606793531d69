import type { Tone } from "#ui/badge";
import type { IconName } from "#ui/icon/icons";
import { toNanos } from "#core/format/nano-amount";

/** The journal of one relay, as `GET /api/lease/` lists it. */
export interface Journal {
  readonly journal_id: string;
  readonly node: string;
  readonly build: string;
  readonly epoch: number;
  readonly records: number;
  readonly last_seen: number;
  readonly held_nano: string;
  readonly leases: number;
  readonly open_calls: number;
  readonly force_closed_at: number;
}

/** Money that a relay holds of one user, as `GET /api/lease/:journal_id` lists it. */
export interface Lease {
  readonly epoch: number;
  readonly lease_no: number;
  readonly user_id: number;
  readonly token_id: number;
  readonly granted_nano: string;
  readonly held_nano: string;
  readonly created_at: number;
}

/** What giving a journal up did. */
export interface ClosedJournal {
  readonly billed_calls: number;
  readonly cost_nano: string;
  readonly released_leases: number;
  readonly released_nano: string;
}

/** All that is held of one user. */
export interface Holder {
  readonly userId: number;
  readonly held: bigint;
  readonly leases: readonly Lease[];
}

export interface JournalLook {
  readonly label: string;
  readonly tone: Tone;
  readonly icon: IconName;
}

/** A relay beats every second and quota writes that down every ten; the server gives up nobody who was heard of since. */
const SILENT_SECONDS = 60;

export function isAlive({ last_seen: seen }: Journal, nowSeconds: number): boolean {
  return nowSeconds - seen < SILENT_SECONDS;
}

export function journalLook(journal: Journal, nowSeconds: number): JournalLook {
  if (isAlive(journal, nowSeconds)) {
    return { label: "leases.state.alive", tone: "ok", icon: "check" };
  }
  if (journal.leases > 0) return { label: "leases.state.silent", tone: "bad", icon: "alert" };
  return journal.force_closed_at > 0
    ? { label: "leases.state.closed", tone: "neutral", icon: "ban" }
    : { label: "leases.state.gone", tone: "neutral", icon: "plug" };
}

/** The leases by owner, whoever has most set aside first. */
export function holdersOf(leases: readonly Lease[]): readonly Holder[] {
  const byUser = Map.groupBy(leases, (lease) => lease.user_id);
  const holders = [...byUser].map(([userId, own]) => ({
    userId,
    held: own.reduce((sum, lease) => sum + toNanos(lease.held_nano), 0n),
    leases: own,
  }));
  return holders.toSorted((a, b) => (a.held === b.held ? 0 : a.held > b.held ? -1 : 1));
}
