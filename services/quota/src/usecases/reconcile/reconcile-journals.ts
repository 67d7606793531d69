/** R4 and R9: journals and leases. */
import { formatUuid, parseUuid } from "@tollgate/kit/ids/uuid-v7";
import { collectFindings, sentencesMax } from "#domain/check-run.ts";
import type { JournalFacts, JournalSums, ReplaySums, RunOneCheck } from "./reconcile-ports.ts";
import { checkReplays } from "./reconcile-replays.ts";
import type { Random } from "./reconcile-replays.ts";
import { numberIn } from "./reconcile-users.ts";

const journalsPerPage = 200;
const marksMax = 2000;
const leaseAgeMs = 86_400_000;
const silenceMs = 600_000;
const settleMs = 60_000;
const firstReplayMs = 86_400_000;

/** Holds each journal's mark against the last run's, and against its open calls and leases; then looks at a sample of settlements. */
export function createCheckJournals(
  sums: JournalSums,
  replays: ReplaySums,
  random: Random,
): RunOneCheck {
  return async ({ nowMs, state, isOver }) => {
    const findings = collectFindings();
    const window = {
      fromMs: numberIn(state, "replayedMs") ?? nowMs - firstReplayMs,
      // The time of a settlement is set before it is committed.
      toMs: nowMs - settleMs,
    };
    const marks = new Map(marksIn(state["marks"]));
    let after = typeof state["after"] === "string" ? parseUuid(state["after"]) : undefined;
    for (;;) {
      const journals = await sums.list(after, journalsPerPage);
      for (const journal of journals) {
        violationsOf(journal, marks).forEach(findings.violate);
        remember(marks, journal);
      }
      findings.add(journals.length);
      after = journals.at(-1)?.journalId ?? after;
      const isLast = journals.length < journalsPerPage;
      if (isLast || isOver()) {
        const place = isLast || after === undefined ? {} : { after: formatUuid(after) };
        await checkReplays(replays, random, { window, findings });
        const replayedMs = Math.max(window.fromMs, window.toMs);
        const next = { marks: Object.fromEntries(marks), replayedMs, ...place };
        return { ...findings.end(isLast), state: next };
      }
    }
  };
}

/** Looks for leases older than a day, and for journals that hold money and were not heard of for ten minutes. */
export function createCheckSilence(sums: JournalSums): RunOneCheck {
  return async ({ nowMs }) => {
    const findings = collectFindings();
    const { active, old, first } = await sums.findOldLeases(nowMs - leaseAgeMs, sentencesMax);
    findings.add(active);
    for (const { journalId, epoch, leaseNo, userId, createdAtMs } of first) {
      const name = `${formatUuid(journalId)}/${epoch}/${leaseNo}`;
      findings.violate(`lease ${name} of user ${userId} is open since ${timeText(createdAtMs)}`);
    }
    findings.violateMore(old - first.length);
    const silent = await sums.findSilent(nowMs - silenceMs, journalsPerPage);
    for (const { journalId, nodeName, lastSeenMs } of silent) {
      findings.violate(
        `journal ${formatUuid(journalId)} of ${nodeName} holds money and is silent since ${timeText(lastSeenMs)}`,
      );
    }
    return { ...findings.end(true), state: {} };
  };
}

function violationsOf(
  { journalId, epoch, hwm, lastOpenSeq, lastLeaseEpoch }: JournalFacts,
  marks: ReadonlyMap<string, number>,
): readonly string[] {
  const name = formatUuid(journalId);
  const mark = marks.get(name) ?? 0;
  return [
    hwm < mark && `the mark of journal ${name} went back from ${mark} to ${hwm}`,
    lastOpenSeq !== undefined &&
      lastOpenSeq >= hwm &&
      `journal ${name} has an open call at ${lastOpenSeq}, behind its mark ${hwm}`,
    lastLeaseEpoch !== undefined &&
      lastLeaseEpoch > epoch &&
      `journal ${name} is at epoch ${epoch} and has a lease of epoch ${lastLeaseEpoch}`,
  ].filter((sentence) => sentence !== false);
}

/** The journals that were looked at last are kept. */
function remember(marks: Map<string, number>, { journalId, hwm }: JournalFacts): void {
  const name = formatUuid(journalId);
  marks.delete(name);
  marks.set(name, hwm);
  const [oldest] = marks.keys();
  if (marks.size > marksMax && oldest !== undefined) {
    marks.delete(oldest);
  }
}

function marksIn(value: unknown): readonly (readonly [string, number])[] {
  return typeof value === "object" && value !== null
    ? Object.entries(value).filter(
        (entry): entry is [string, number] => typeof entry[1] === "number",
      )
    : [];
}

function timeText(atMs: number): string {
  return new Date(atMs).toISOString();
}
