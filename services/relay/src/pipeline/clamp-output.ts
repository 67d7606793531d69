/**
 * A shorter answer instead of a refusal: where the operator wants that for the caller's group, a call that the balance does not cover is
 * sent with its output bounded to what can be paid. The input is counted by its bytes, for nothing is left to pay what it may exceed.
 */
import { objectOr } from "#conversation/json-value.ts";
import { estimateOf } from "#ledgering/model-rate.ts";
import type { CallMoney } from "#pipeline/call-money.ts";
import type { CallEstimate } from "#pipeline/estimate.ts";
import type { IncomingCall } from "#pipeline/incoming-call.ts";

/** A shorter answer is of no use. */
const outputTokensMin = 16;

/** The estimate of the call with the highest bound that costs at most so much; `undefined` = not even the least is paid for. */
export function clampOutput(
  { brief, json }: Pick<IncomingCall, "brief" | "json">,
  { estimate, rate, multiplier }: CallMoney,
  availableNanos: bigint,
): CallEstimate | undefined {
  const { choices } = brief;
  const input = estimate.inputTokensBound;
  const isPaid = (tokens: number): boolean =>
    estimateOf({ input, output: choices * tokens }, rate, multiplier) <= availableNanos;
  // What was refused is too much.
  let tooMuch = Math.ceil(estimate.outputTokensReserved / choices);
  let paid = outputTokensMin + thinkingTokensOf(json);
  if (paid >= tooMuch || !isPaid(paid)) {
    return undefined;
  }
  while (tooMuch - paid > 1) {
    const middle = Math.floor((paid + tooMuch) / 2);
    if (isPaid(middle)) {
      paid = middle;
    } else {
      tooMuch = middle;
    }
  }
  const output = choices * paid;
  return {
    ...estimate,
    inputTokensMax: input,
    outputTokensReserved: output,
    outputTokensLimit: output,
    outputTokensCap: paid,
  };
}

/** Anthropic refuses a bound that leaves nothing beyond what the model is told to think. */
function thinkingTokensOf(json: IncomingCall["json"]): number {
  const { budget_tokens: budget } = objectOr(json["thinking"]);
  return typeof budget === "number" && budget > 0 ? Math.ceil(budget) : 0;
}
