/** R3 and R8: settlements since the last run, by the time at which they were written. */
import { formatUuid, uuidV7Time } from "@tollgate/kit/ids/uuid-v7";
import { collectFindings, sentencesMax } from "#domain/check-run.ts";
import type { Findings } from "#domain/check-run.ts";
import { idText } from "#domain/settlement.ts";
import type {
  BatchSum,
  BatchSums,
  CheckContext,
  RunOneCheck,
  TimeWindow,
} from "./reconcile-ports.ts";
import { numberIn } from "./reconcile-users.ts";

/** What {@link createCheckBatches} tells besides violations. */
export interface BatchLog {
  /** A settlement with too many rows around it to be added up in time. */
  readonly warn: (details: object, message: string) => void;
}

// The time of a settlement is set before it is committed; it has certainly ended by then.
const settleMs = 60_000;
const windowMs = 3_600_000;
const firstWindowMs = 24 * windowMs;
const windowMsMin = 1000;
const batchesMax = 20_000;
const exactMax = 200;

/** Compares the rows of each settlement and user with its entry of the ledger. */
export function createCheckBatches(sums: BatchSums, log: BatchLog): RunOneCheck {
  return async (context) =>
    passWindows(context, sums, async (window, findings) => {
      const charged = await sums.listCharged(window, batchesMax);
      const rows = await sums.listRows(window, batchesMax);
      if (charged === undefined || rows === undefined) {
        return "too-much";
      }
      findings.add(charged.length);
      const suspects = suspectsOf(charged, rows);
      for (const suspect of suspects.slice(0, exactMax)) {
        await checkExactly(sums, suspect, { findings, log });
      }
      if (suspects.length > exactMax) {
        log.warn(
          { batches: suspects.length - exactMax },
          "settlements not added up: too many differ",
        );
        findings.violateMore(suspects.length - exactMax);
      }
      return "checked";
    });
}

/** Counts calls whose relay had computed another cost. The count of all time is kept. */
export function createCheckCosts(sums: BatchSums): RunOneCheck {
  return async (context) => {
    let corrected = numberIn(context.state, "corrected") ?? 0;
    const outcome = await passWindows(context, sums, async (window, findings) => {
      const found = await sums.findCorrected(window, sentencesMax);
      findings.add(found.calls);
      corrected += found.corrected;
      for (const { requestId, userId } of found.first) {
        findings.violate(
          `the relay computed another cost for call ${formatUuid(requestId)} of user ${userId}`,
        );
      }
      findings.violateMore(found.corrected - found.first.length);
      return "checked";
    });
    return { ...outcome, state: { ...outcome.state, corrected } };
  };
}

interface Suspect extends BatchSum {
  readonly rowNanos: bigint;
}

/** Settlements whose rows of the recent past do not make up what was charged, or that were not charged at all. */
function suspectsOf(charged: readonly BatchSum[], rows: readonly BatchSum[]): readonly Suspect[] {
  const open = new Map(rows.map((row) => [keyOf(row), row]));
  const suspects: Suspect[] = [];
  for (const charge of charged) {
    const key = keyOf(charge);
    const rowNanos = open.get(key)?.costNanos ?? 0n;
    open.delete(key);
    if (rowNanos !== charge.costNanos) {
      suspects.push({ ...charge, rowNanos });
    }
  }
  for (const row of open.values()) {
    if (row.costNanos !== 0n) {
      suspects.push({ ...row, costNanos: 0n, rowNanos: row.costNanos });
    }
  }
  return suspects;
}

/** Some of its calls may have started long before it. */
async function checkExactly(
  sums: Pick<BatchSums, "sumExactly" | "readFloor">,
  suspect: Suspect,
  { findings, log }: { readonly findings: Findings; readonly log: BatchLog },
): Promise<void> {
  const rowNanos = await sums.sumExactly(suspect);
  const batch = formatUuid(suspect.batchId);
  if (rowNanos === undefined) {
    log.warn({ batch, userId: suspect.userId }, "settlement not added up: too many rows");
    return;
  }
  // A settlement that has left the log in the meantime has no rows to compare with.
  const isKept = uuidV7Time(suspect.batchId) >= (await sums.readFloor());
  if (rowNanos !== suspect.costNanos && isKept) {
    const difference = suspect.costNanos - rowNanos;
    findings.violate(
      `settlement ${batch} of user ${suspect.userId} charged ${suspect.costNanos} nano-USD, its calls cost ${rowNanos}: ${difference} too much`,
    );
  }
}

function keyOf({ batchId, userId }: Pick<BatchSum, "batchId" | "userId">): string {
  return `${userId}/${idText(batchId)}`;
}

/** Goes on from the last run's mark, an hour at a time and less where an hour holds too much. */
async function passWindows(
  { nowMs, state, isOver }: CheckContext,
  { readFloor }: Pick<BatchSums, "readFloor">,
  look: (window: TimeWindow, findings: Findings) => Promise<"checked" | "too-much">,
) {
  const findings = collectFindings();
  const endMs = nowMs - settleMs;
  let fromMs = numberIn(state, "markMs") ?? endMs - firstWindowMs;
  let lengthMs = windowMs;
  for (;;) {
    // It may rise while the check runs.
    fromMs = Math.max(fromMs, await readFloor());
    if (fromMs >= endMs) {
      break;
    }
    const window = { fromMs, toMs: Math.min(fromMs + lengthMs, endMs) };
    if ((await look(window, findings)) === "checked") {
      fromMs = window.toMs;
      lengthMs = windowMs;
    } else if (lengthMs > windowMsMin) {
      lengthMs = Math.max(windowMsMin, Math.floor((window.toMs - fromMs) / 4));
    } else {
      throw new Error("a second holds more settlements than can be compared");
    }
    if (isOver()) {
      break;
    }
  }
  return { ...findings.end(fromMs >= endMs), state: { markMs: fromMs } };
}
