import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import type { Attempt } from "./settled-call.ts";
import type { Usage } from "./usage.ts";
import { bases } from "./usage.ts";

/** One record of a relay's journal, as far as money is concerned. */
export type JournalEntry =
  /** A start, or a checkpoint of a call that has not run for long: nothing to post or to keep. */
  | { readonly kind: "passed" }
  /** A call has run for long: its start and its usage so far, with nothing of its end. */
  | { readonly kind: "open"; readonly call: EndedCall }
  | { readonly kind: "ended"; readonly call: EndedCall }
  /** The remainder of a lease comes back; it follows all usage of the lease. */
  | { readonly kind: "released"; readonly epoch: number; readonly leaseNo: number }
  /** A part of a lease comes back. */
  | {
      readonly kind: "returned";
      readonly epoch: number;
      readonly leaseNo: number;
      readonly amountNanos: NanoUsd;
    }
  /** All leases of older epochs come back. */
  | { readonly kind: "epoch-ended"; readonly epoch: number };

/** A call that is over. Texts are already cut to what the log can hold. */
export interface EndedCall {
  /** 16 bytes. */
  readonly requestId: Uint8Array;
  readonly epoch: number;
  /** 0 = no money was needed. */
  readonly leaseNo: number;
  /** What the relay reserved of the lease at the start. */
  readonly holdNanos: NanoUsd;
  readonly userId: number;
  readonly keyId: number;
  readonly group: string;
  readonly model: string;
  /** Model that prices are looked up by. */
  readonly pricedModel: string;
  /** Channel that served, 0 = none. */
  readonly channelId: number;
  /** Type of that channel, or of the first one chosen. */
  readonly channelType: number;
  readonly priceVersion: number;
  readonly startedAtMs: number;
  readonly isStream: boolean;
  readonly surface: string;
  readonly clientIp: string;
  readonly usage: Usage;
  readonly basis: number;
  /** As the relay computed it. */
  readonly costNanos: NanoUsd;
  readonly attempts: readonly Attempt[];
  readonly upstreamId: string;
  readonly status: number;
  readonly errorReason: string;
  readonly errorMessage: string;
  readonly ttftMs: number;
  readonly durationMs: number;
  readonly isSystemPromptReset: boolean;
  /** Nobody counted the tokens: usage was taken from the number of bytes. */
  readonly isEstimated: boolean;
}

// Relays name a call open from its fifth second on; a second less, for clocks that tick on different cores.
const openCallMs = 4000;

/** False for a call that can never have been named open by its relay. */
export function mayHaveBeenOpen({ durationMs, basis }: EndedCall): boolean {
  // What a crash has ended does not know for how long it ran.
  return durationMs >= openCallMs || basis === bases.crash || basis === bases.crashUndelivered;
}
