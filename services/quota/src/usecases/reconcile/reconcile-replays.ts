/**
 * The other half of R4: would a random hundredth of what was acknowledged be posted again if it were shipped again? The relays keep
 * their segments to themselves, so the answer comes from what makes a shipment count once: the journal's mark, which skips every
 * record below it, and the log's key, which refuses every request id that it has. Nothing is shipped, locked or written.
 */
import { formatUuid, uuidV7Time } from "@tollgate/kit/ids/uuid-v7";
import type { Findings } from "#domain/check-run.ts";
import type { SettledBatch } from "#domain/settled-batch.ts";
import { isSameSet } from "#domain/settled-batch.ts";
import type { ReplaySums, TimeWindow } from "./reconcile-ports.ts";

/** A number from 0 to below 1. */
export type Random = () => number;

const share = 0.01;
const samplesMax = 200;

/** Looks at some of the settlements of a window. A moment is drawn, and the settlement behind it is the sample. */
export async function checkReplays(
  sums: ReplaySums,
  random: Random,
  { window, findings }: { readonly window: TimeWindow; readonly findings: Findings },
): Promise<void> {
  const { fromMs, toMs } = window;
  const count = await sums.countBatches(window);
  const samples = Math.min(samplesMax, Math.ceil(count * share));
  for (let sample = 0; sample < samples; sample += 1) {
    const atMs = fromMs + Math.floor(random() * (toMs - fromMs));
    const batch =
      (await sums.findBatch({ fromMs: atMs, toMs })) ?? (await sums.findBatch({ fromMs, toMs }));
    if (batch !== undefined) {
      findings.add(1);
      (await violationsOf(sums, batch)).forEach(findings.violate);
    }
  }
}

async function violationsOf(sums: ReplaySums, batch: SettledBatch): Promise<readonly string[]> {
  const name = `settlement ${formatUuid(batch.batchId)}`;
  const journal = formatUuid(batch.journalId);
  const { hwm, isAppliedTwice } = await sums.readMark(batch);
  return [
    hwm < batch.nextSeq &&
      `${name} applied journal ${journal} up to ${batch.nextSeq}, its mark is ${hwm}: records would be applied again`,
    isAppliedTwice &&
      `records of journal ${journal} between ${batch.fromSeq} and ${batch.nextSeq} were applied by ${name} and by another one`,
    await missingOf(sums, batch, name),
  ].filter((sentence) => sentence !== false);
}

async function missingOf(
  sums: ReplaySums,
  batch: SettledBatch,
  name: string,
): Promise<string | false> {
  const found = await sums.readCalls(batch);
  // Read after the calls: what has left the log until then cannot be compared, and cannot be posted again either.
  const isKept = uuidV7Time(batch.calls.first) >= (await sums.readFloor());
  return (
    found !== undefined &&
    isKept &&
    !isSameSet(found, batch.calls) &&
    `${name} posted ${batch.calls.count} calls, the log has ${found.count} of them or others: shipped again, calls would be posted again`
  );
}
