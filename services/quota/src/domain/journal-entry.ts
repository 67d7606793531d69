import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import type { Attempt } from "./settled-call.ts";
import type { Usage } from "./usage.ts";

/** One record of a relay's journal, as far as money is concerned. */
export type JournalEntry =
  /** A start or a checkpoint: nothing to post. */
  | { readonly kind: "passed" }
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
}
