/** What one call cost the mock upstream, in its own dialect-free figures. */
export interface BookedUsage {
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
}

/** One call as the upstream saw it: written before the caller sees the end. */
export interface BookedCall {
  readonly id: string;
  readonly path: string;
  readonly behaviour: string;
  readonly model: string;
  readonly stream: boolean;
  readonly usage: BookedUsage;
  /** Pieces of content handed to the socket. */
  delivered: number;
  /** `open` until the reply ended or its caller hung up. */
  outcome: "open" | "complete" | "failed" | "cut" | "caller-left";
}

/** Sums that a bill can be held against. */
export interface BookTotals {
  readonly calls: number;
  readonly complete: number;
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
}

export interface Books {
  open(call: Omit<BookedCall, "delivered" | "outcome">): BookedCall;
  calls(): readonly BookedCall[];
  totals(): BookTotals;
  reset(): void;
}

/** The mock's own bookkeeping: the outside witness of every test about money. Keeps the last `callsMax` calls and all sums. */
export function createBooks(callsMax = 100_000): Books {
  let kept: BookedCall[] = [];
  let count = 0;
  return {
    open(call) {
      const booked: BookedCall = { ...call, delivered: 0, outcome: "open" };
      count += 1;
      kept.push(booked);
      if (kept.length > callsMax) {
        throw new Error(`the mock upstream's books are full at ${callsMax} calls`);
      }
      return booked;
    },
    calls: () => kept,
    totals: () => sumOf(kept, count),
    reset() {
      kept = [];
      count = 0;
    },
  };
}

function sumOf(calls: readonly BookedCall[], count: number): BookTotals {
  const complete = calls.filter((call) => call.outcome === "complete");
  const sum = (field: keyof BookedUsage): number =>
    complete.reduce((total, call) => total + call.usage[field], 0);
  return {
    calls: count,
    complete: complete.length,
    inputTokens: sum("inputTokens"),
    cacheReadTokens: sum("cacheReadTokens"),
    outputTokens: sum("outputTokens"),
    reasoningTokens: sum("reasoningTokens"),
  };
}
