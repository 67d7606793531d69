import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import type { Usage } from "./usage.ts";

/** One try at an upstream. */
export interface Attempt {
  readonly channelId: number;
  /** HTTP status of the upstream; 0 = no answer. */
  readonly status: number;
  /** UPPER_SNAKE_CASE; "" = it did not fail. */
  readonly reason: string;
  readonly elapsedMs: number;
}

/** A try and what it cost us. */
export interface SettledAttempt extends Attempt {
  readonly upstreamCostNanos: NanoUsd;
}

/** A call as it stands in the usage log: written once, never changed. */
export interface SettledCall {
  /** UUIDv7, 16 bytes: the primary key, ordered by the time of the call's start. */
  readonly requestId: Uint8Array;
  /** When the call started, milliseconds since 1970: the time in its request id. */
  readonly createdAtMs: number;
  readonly userId: number;
  /** Names as they were when the call was settled; "" when the user or key was gone. */
  readonly username: string;
  readonly keyId: number;
  readonly keyName: string;
  readonly group: string;
  /** Model asked for. */
  readonly model: string;
  /** Model as the serving channel knows it; prices are looked up by it. */
  readonly pricedModel: string;
  /** Channel that served, 0 = none. */
  readonly channelId: number;
  readonly channelType: number;
  readonly priceVersion: number;
  /** Of group and user together, rounded to the nearest; the exact one is in the price book. */
  readonly multiplierPpm: number;
  readonly costNanos: NanoUsd;
  /** What upstreams charge us, lost tries included. */
  readonly upstreamCostNanos: NanoUsd;
  readonly usage: Usage;
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** A value of {@link bases}. */
  readonly basis: number;
  /** HTTP status sent to the client. */
  readonly status: number;
  /** UPPER_SNAKE_CASE; "" = the call did not fail. */
  readonly errorReason: string;
  readonly errorMessage: string;
  readonly durationMs: number;
  readonly ttftMs: number;
  readonly isStream: boolean;
  readonly isSystemPromptReset: boolean;
  /** Nobody counted the tokens: usage was taken from the number of bytes. */
  readonly isEstimated: boolean;
  readonly surface: string;
  readonly clientIp: string;
  readonly upstreamId: string;
  /** The lease that its start named, within the journal of its settlement; number 0 = none was needed. */
  readonly leaseEpoch: number;
  readonly leaseNo: number;
  /** What the relay reserved of that lease at the start. */
  readonly holdNanos: NanoUsd;
  /** The part of the cost that the lease had no money left for when the call was settled. */
  readonly beyondNanos: NanoUsd;
  /** Its lease was closed or unknown when it was settled. */
  readonly isLate: boolean;
  /** The relay had computed another cost. */
  readonly isCostCorrected: boolean;
  /** Its price book had been superseded for a while when it started. */
  readonly isPriceOutdated: boolean;
  /** The settlement transaction that it is a detail of: the ledger's batch, 16 bytes. */
  readonly batchId: Uint8Array;
  /** Kept apart in `upstream_attempts`, and only when there was more than one or one failed. */
  readonly attempts: readonly SettledAttempt[];
}
