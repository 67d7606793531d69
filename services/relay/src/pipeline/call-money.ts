import type { Multiplier } from "@tollgate/kit/money/multiplier";
import type { ModelRate } from "#ledgering/model-rate.ts";
import type { CallEstimate } from "#pipeline/estimate.ts";

/** What a call may take, and the price of it. */
export interface CallMoney {
  readonly estimate: CallEstimate;
  readonly rate: ModelRate;
  readonly multiplier: Multiplier;
}
