/**
 * One API's built-in tables (`one-api-ratios.json`), with the entries corrected that are plain slips there: Groq's and StepFun's
 * models were a thousand times too cheap (prices per million tokens read as prices per thousand), and `openrouter/auto` had a
 * negative ratio, so it has no price of its own here. Prices in RMB keep One API's conversion (71 per thousand instead of 71.43).
 */
import ratios from "./one-api-ratios.json" with { type: "json" };
import type { PriceBookTexts } from "./price-book.ts";
import type { RatioTexts } from "./ratio.ts";
import { formatRatioJson } from "./ratio.ts";

/** The built-in demo channel's models, at the price of a small real one. */
const demoModelRatio: RatioTexts = { "demo-chat": "0.075", "demo-embedding": "0.01" };

const defaultModelRatio: RatioTexts = { ...ratios.modelRatio, ...demoModelRatio };
const defaultCompletionRatio: RatioTexts = { ...ratios.completionRatio, "demo-chat": "4" };
const defaultGroupRatio: RatioTexts = ratios.groupRatio;

/** The tables as option values: JSON objects of numbers. */
export const defaultRatioOptions = Object.freeze({
  ModelRatio: formatRatioJson(defaultModelRatio),
  CompletionRatio: formatRatioJson(defaultCompletionRatio),
  GroupRatio: formatRatioJson(defaultGroupRatio),
});

/** The operator's tables over the built-in ones, entry by entry. Groups are the operator's alone. */
export function mergeWithDefaults(texts: PriceBookTexts): PriceBookTexts {
  return {
    modelRatio: { ...defaultModelRatio, ...texts.modelRatio },
    completionRatio: { ...defaultCompletionRatio, ...texts.completionRatio },
    groupRatio: texts.groupRatio,
    policy: texts.policy,
  };
}
