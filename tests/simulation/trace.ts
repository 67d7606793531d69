/** What happened in a run, in order: the newest events to be read by people, and a hash of all of them. */
export interface Trace {
  /** Notes one event with the virtual time. */
  readonly note: (text: string) => void;
  readonly count: () => number;
  /** The newest events, oldest first. */
  readonly last: () => readonly string[];
  /** Two runs with the same hash went the same way. */
  readonly hash: () => string;
}

const keptEvents = 30;
// FNV-1a, 32 bits: two of them with different starts.
const prime = 16_777_619;

export function createTrace(nowMs: () => number): Trace {
  const kept: string[] = [];
  let count = 0;
  let low = 2_166_136_261;
  let high = 3_735_928_559;
  return {
    note: (text) => {
      const line = `${String(Math.round(nowMs())).padStart(6)} ms  ${text}`;
      count += 1;
      kept.push(line);
      if (kept.length > keptEvents) {
        kept.shift();
      }
      for (let index = 0; index < line.length; index += 1) {
        const unit = line.charCodeAt(index);
        low = Math.imul(low ^ unit, prime);
        high = Math.imul(high ^ unit, prime) ^ (low >>> 13);
      }
    },
    count: () => count,
    last: () => kept,
    hash: () => `${hex(low)}${hex(high)}`,
  };
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}
