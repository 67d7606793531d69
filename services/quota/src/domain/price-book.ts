/**
 * A price book: one immutable version of all ratios, and the prices that they amount to. Looking up the ratio of a model follows
 * One API: `name(channelType)` before `name`; the operator's table before the built-in one (merged when the book is made).
 */
import { fault } from "./faults.ts";
import { completionRatioByRule } from "./completion-rules.ts";
import type { PriceVector } from "./price.ts";
import { freePrice, priceByRatio } from "./price.ts";
import type { Ratio, RatioTable, RatioTexts } from "./ratio.ts";
import { parseRatio, parseRatioJson, ratioTable, scaleByRatios } from "./ratio.ts";

/** What happens to a call of a model that no price is known for. */
export type UnknownModelPolicy = "default-ratio" | "refuse" | "free";

/** The decimal texts that a book is computed from: what is stored. */
export interface PriceBookTexts {
  readonly modelRatio: RatioTexts;
  readonly completionRatio: RatioTexts;
  readonly groupRatio: RatioTexts;
  readonly policy: UnknownModelPolicy;
}

/** A model, or a model on one type of channel, with a price of its own. */
export interface ModelPrice {
  readonly model: string;
  /** 0 = any. */
  readonly channelType: number;
  readonly price: PriceVector;
}

/** One version of all prices. */
export interface PriceBook {
  readonly version: number;
  readonly effectiveAtMs: number;
  readonly policy: UnknownModelPolicy;
  readonly models: readonly ModelPrice[];
  /** Parts per million; a group that is absent has 1,000,000. */
  readonly groupPpm: ReadonlyMap<string, number>;
  /** For {@link resolvePrice}. */
  readonly modelRatio: RatioTable;
  readonly completionRatio: RatioTable;
}

/** Parts per million of the multiplier 1. */
export const ppmOne = 1_000_000;

const defaultModelRatio = parseRatio("30");
const typedName = /^(.+)\((\d{1,9})\)$/u;

/** Reads the operator's options. Throws OPTION_INVALID for anything but JSON objects of numbers of at least 0. */
export function readRatioOption(key: string, json: string): RatioTexts {
  try {
    return parseRatioJson(json);
  } catch (error) {
    // Translates: whatever is wrong with the text is the operator's to mend.
    throw fault("OPTION_INVALID", {
      sentence: `${key} must be a JSON object of numbers of at least 0 by name.`,
      metadata: { key },
      cause: error,
    });
  }
}

/** Computes a book. The same texts always give the same prices. */
export function makePriceBook(
  version: number,
  effectiveAtMs: number,
  texts: PriceBookTexts,
): PriceBook {
  const modelRatio = ratioTable(texts.modelRatio);
  const completionRatio = ratioTable(texts.completionRatio);
  const groups = [...ratioTable(texts.groupRatio)].map(
    ([group, ratio]) => [group, Number(scaleByRatios(BigInt(ppmOne), [ratio]))] as const,
  );
  return {
    version,
    effectiveAtMs,
    policy: texts.policy,
    models: listPrices(modelRatio, completionRatio),
    groupPpm: new Map(groups),
    modelRatio,
    completionRatio,
  };
}

/** The price of any model; undefined = its calls are refused. */
export function resolvePrice(
  book: PriceBook,
  model: string,
  channelType: number,
): PriceVector | undefined {
  const modelRatio = findModelRatio(book.modelRatio, model, channelType);
  if (modelRatio === undefined && book.policy !== "default-ratio") {
    return book.policy === "free" ? freePrice : undefined;
  }
  const completionRatio = findCompletionRatio(book.completionRatio, model, channelType);
  return priceByRatio(model, modelRatio ?? defaultModelRatio, completionRatio);
}

/** The multiplier of a group. */
export function multiplierPpm(book: PriceBook, group: string): number {
  return book.groupPpm.get(group) ?? ppmOne;
}

function listPrices(modelRatio: RatioTable, completionRatio: RatioTable): readonly ModelPrice[] {
  const prices: ModelPrice[] = [];
  for (const name of new Set([...modelRatio.keys(), ...completionRatio.keys()])) {
    const [, model = name, type = "0"] = typedName.exec(name) ?? [];
    const channelType = Number(type);
    const ratio = findModelRatio(modelRatio, model, channelType);
    if (ratio !== undefined) {
      const completion = findCompletionRatio(completionRatio, model, channelType);
      prices.push({ model, channelType, price: priceByRatio(model, ratio, completion) });
    }
  }
  return prices;
}

function findModelRatio(table: RatioTable, model: string, channelType: number): Ratio | undefined {
  const isInternet = /^(?:qwen|command)-.*-internet$/u.test(model);
  return findRatio(table, isInternet ? model.slice(0, -"-internet".length) : model, channelType);
}

function findCompletionRatio(table: RatioTable, model: string, channelType: number): Ratio {
  const isInternet = /^qwen-.*-internet$/u.test(model);
  const name = isInternet ? model.slice(0, -"-internet".length) : model;
  return findRatio(table, name, channelType) ?? completionRatioByRule(name);
}

function findRatio(table: RatioTable, name: string, channelType: number): Ratio | undefined {
  return table.get(`${name}(${channelType})`) ?? table.get(name);
}
