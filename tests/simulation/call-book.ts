/** What really happened, kept outside of the system: what clients saw, what they paid in, what was lost with a failover. */

/** Prices of the model that every simulated call uses, nano-USD a token. */
const inputNanos = 2500n;
export const outputNanos = 10_000n;
export const simulatedModel = "gpt-4o";

/** One call as its client and its upstream know it. */
export interface BookedCall {
  readonly id: string;
  readonly userId: number;
  readonly relay: number;
  readonly inputTokens: number;
  readonly isStream: boolean;
  /** What was set aside for it. */
  estimateNanos: bigint;
  /** The client has so many tokens. */
  delivered: number;
  /** The client was told that this is all. */
  sawEnd: boolean;
  /** Tokens of every checkpoint, with the number of its record. */
  readonly checkpoints: { readonly seq: number; readonly tokens: number }[];
  /** What its END says; undefined = none was written by the process that ran it. */
  ended: { readonly seq: number; readonly tokens: number; readonly isBilled: boolean } | undefined;
  /** Its process died: records before this one have survived, whatever happened. */
  crash: { readonly safeSeq: number } | undefined;
}

export interface CallBook {
  readonly calls: ReadonlyMap<string, BookedCall>;
  readonly open: (
    call: Pick<
      BookedCall,
      "id" | "userId" | "relay" | "inputTokens" | "isStream" | "estimateNanos"
    >,
  ) => BookedCall;
  /** The process that ran these calls is gone. */
  readonly crash: (relay: number, safeSeq: number) => void;
  /** The power failed before the next process was there: only these records are safe. */
  readonly loseMore: (relay: number, safeSeq: number) => void;
  /** What was paid in, by user. */
  readonly deposits: Map<number, bigint>;
  /** Users with a deposit that is not, or no longer, confirmed. */
  readonly unconfirmed: Map<number, number>;
  /** What calls have reserved beyond their first reservation, by user: it may pay on another lease than it was reserved on. */
  readonly stretched: Map<number, bigint>;
  /** By how much a balance may have fallen below zero, by user: costs above estimates, grants that a failover lost. */
  readonly excess: Map<number, bigint>;
}

export function createCallBook(): CallBook {
  const calls = new Map<string, BookedCall>();
  // Those whose process lives.
  const running = new Map<number, Set<BookedCall>>();
  return {
    calls,
    open: (facts) => {
      const call: BookedCall = {
        ...facts,
        delivered: 0,
        sawEnd: false,
        checkpoints: [],
        ended: undefined,
        crash: undefined,
      };
      calls.set(call.id, call);
      const ofRelay = running.get(call.relay) ?? new Set();
      running.set(call.relay, ofRelay.add(call));
      return call;
    },
    crash: (relay, safeSeq) => {
      for (const call of running.get(relay) ?? []) {
        call.crash = { safeSeq };
      }
      running.delete(relay);
    },
    loseMore: (relay, safeSeq) => {
      for (const call of calls.values()) {
        if (call.relay === relay && call.crash !== undefined && call.crash.safeSeq > safeSeq) {
          call.crash = { safeSeq };
        }
      }
    },
    deposits: new Map(),
    stretched: new Map(),
    unconfirmed: new Map(),
    excess: new Map(),
  };
}

/** What a call costs by price, nothing rounded. */
export function priceOf(inputTokens: number, outputTokens: number): bigint {
  return BigInt(inputTokens) * inputNanos + BigInt(outputTokens) * outputNanos;
}

export function addTo(sums: Map<number, bigint>, userId: number, nanos: bigint): void {
  sums.set(userId, (sums.get(userId) ?? 0n) + nanos);
}
