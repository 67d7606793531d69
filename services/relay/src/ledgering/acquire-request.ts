/** What quota is asked for: money of one payer. */
export interface AcquireRequest extends Payer {
  readonly leaseNo: number;
  readonly wantNanos: number;
  readonly needMinNanos: number;
  /** What the call that waits needs at the very most; 0 = none waits. */
  readonly singleNeedNanos: number;
  /** The high end of what calls reserve. */
  readonly typicalNanos: number;
  readonly reason: AcquireReason;
}

/** Whose money pays. */
export interface Payer {
  readonly userId: number;
  /** The capped key whose cap is held as well; 0 = any uncapped key of the user. */
  readonly keyId: number;
}

export type RefusalReason = "balance" | "key-cap" | "revoked";

export type AcquireReason = "first" | "refill" | "starved";

export type AcquireOutcome =
  | {
      readonly kind: "granted";
      readonly grantedNanos: bigint;
      /** Little is left, or the user is strict: it is for the call that waits and no other. */
      readonly isSingleCall: boolean;
    }
  | {
      readonly kind: "refused";
      readonly reason: RefusalReason;
      readonly availableNanos: bigint;
      /** 0 = another try will not go better by itself. */
      readonly retryAfterMs: number;
      /** Little is left, or the user is strict: the single need was asked for. */
      readonly isSingleCall: boolean;
    };
