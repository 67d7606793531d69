import { bases } from "./usage.ts";

const meanings: ReadonlyMap<number, string> = new Map<number, string>([
  [bases.usage, "The upstream reported the usage, and the call is billed by that."],
  [
    bases.counted,
    "The upstream reported no usage, so what was sent and delivered was counted here.",
  ],
  [
    bases.aborted,
    "The client left before the end; the call was stopped and is billed by what had been delivered.",
  ],
  [
    bases.drained,
    "The client left before the end; the answer was read to its end all the same, and the call is billed by the upstream's usage.",
  ],
  [
    bases.partial,
    "The upstream broke off; the call is billed by what had been delivered until then.",
  ],
  [bases.failed, "The call failed before anything was delivered: it costs nothing."],
  [
    bases.crash,
    "The relay was stopped during the call; it is billed by the last checkpoint in the relay's journal, which is never more than was delivered.",
  ],
  [
    bases.crashUndelivered,
    "The relay was stopped before anything was delivered: the call costs nothing.",
  ],
  [
    bases.cutoff,
    "The balance ran out during the answer; the call is billed by what had been delivered.",
  ],
  [
    bases.nodeLost,
    "The relay and its journal were lost; the call is billed by the last checkpoint that had arrived from it.",
  ],
]);

/** What a basis means, a sentence for customers. */
export function basisMeaning(basis: number): string {
  return meanings.get(basis) ?? "How the usage became known is not recorded.";
}
