/**
 * What prices are when nobody has said anything: the providers' list prices, and for all other models One API's built-in tables (`one-api-ratios.json`), with the entries corrected that are plain slips there: Groq's and StepFun's
 * models were a thousand times too cheap (prices per million tokens read as prices per thousand), and `openrouter/auto` had a
 * negative ratio, so it has no price of its own here. Prices in RMB keep One API's conversion (71 per thousand instead of 71.43).
 */
import ratios from "./one-api-ratios.json" with { type: "json" };
import type { PriceBookTexts } from "./price-book.ts";
import { listPrices } from "./price-list.ts";
import { ratiosOfPrice } from "./price-ratios.ts";
import { priceOfTexts } from "./price-text.ts";
import type { RatioTexts } from "./ratio.ts";
import { formatRatioJson } from "./ratio.ts";

/** The built-in demo channel's models, at the price of a small real one. */
const demoModelRatio: RatioTexts = { "demo-chat": "0.075", "demo-embedding": "0.01" };

const defaultModelRatio: RatioTexts = { ...ratios.modelRatio, ...demoModelRatio };
const defaultCompletionRatio: RatioTexts = { ...ratios.completionRatio, "demo-chat": "4" };
const defaultGroupRatio: RatioTexts = ratios.groupRatio;

/** One API's entries for models that have no list price. */
const fallbackModelRatio = withoutListed(defaultModelRatio);
const fallbackCompletionRatio = withoutListed(defaultCompletionRatio);
const listedModelRatio = listRatios("model");
const listedCompletionRatio = listRatios("completion");

/** The pricing options at their defaults: the list prices in ratios, and One API's ratios of all other models. */
export const defaultRatioOptions = Object.freeze({
  ModelRatio: formatRatioJson({ ...fallbackModelRatio, ...listedModelRatio }),
  CompletionRatio: formatRatioJson({ ...fallbackCompletionRatio, ...listedCompletionRatio }),
  GroupRatio: formatRatioJson(defaultGroupRatio),
  UserRatio: "{}",
  ModelPrice: "{}",
});

/** What an operator says about prices. */
export type OperatorTexts = Omit<PriceBookTexts, "list">;

/**
 * The operator's tables over the built-in ones, entry by entry, and today's list prices. Groups, users and own prices are the
 * operator's alone. A ratio that says what the list says is none of the operator's: whoever saves One API's whole table with one
 * entry changed has said one thing.
 */
export function mergeWithDefaults(texts: OperatorTexts): PriceBookTexts {
  return {
    ...texts,
    modelRatio: { ...fallbackModelRatio, ...changed(texts.modelRatio, listedModelRatio) },
    completionRatio: {
      ...fallbackCompletionRatio,
      ...changed(texts.completionRatio, listedCompletionRatio),
    },
    list: listPrices,
  };
}

/** The entries that are not the same number as in the list; numbers as JSON readers know them, with 53 bits. */
function changed(texts: RatioTexts, listed: RatioTexts): RatioTexts {
  return Object.fromEntries(
    Object.entries(texts).filter(([name, text]) => Number(listed[name]) !== Number(text)),
  );
}

function withoutListed(texts: RatioTexts): RatioTexts {
  return Object.fromEntries(
    Object.entries(texts).filter(([name]) => !Object.hasOwn(listPrices, name)),
  );
}

function listRatios(kind: "model" | "completion"): RatioTexts {
  const entries = Object.entries(listPrices).flatMap(([name, texts]) => {
    const { model, completion } = ratiosOfPrice(priceOfTexts(texts));
    const text = kind === "model" ? model : completion;
    // One API bills every image of a model alike.
    return name.includes("#") || text === undefined ? [] : [[name, text] as const];
  });
  return Object.fromEntries(entries);
}
