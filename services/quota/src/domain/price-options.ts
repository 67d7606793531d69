/** The options that prices are made of, as operators write them. */
import type { OperatorTexts } from "./default-ratios.ts";
import { fault } from "./faults.ts";
import type { UnknownModelPolicy } from "./price-book.ts";
import type { PriceTable } from "./price-text.ts";
import { parsePriceTable } from "./price-text.ts";
import type { RatioTexts } from "./ratio.ts";
import { parseRatioJson } from "./ratio.ts";

/** Values by key. All but the policy are JSON objects. */
export interface PricingOptions {
  readonly ModelRatio: string;
  readonly CompletionRatio: string;
  readonly GroupRatio: string;
  /** Multipliers of single users by id, on top of their group's. */
  readonly UserRatio: string;
  /** Own prices of models in decimal dollars. */
  readonly ModelPrice: string;
  /** "default-ratio", "refuse" or "free". */
  readonly UnknownModelPolicy: string;
}

/** Reads all of them. Throws OPTION_INVALID with the key and what is wrong. */
export function readPricingOptions(options: PricingOptions): OperatorTexts {
  return {
    modelRatio: readRatioOption("ModelRatio", options.ModelRatio),
    completionRatio: readRatioOption("CompletionRatio", options.CompletionRatio),
    groupRatio: readRatioOption("GroupRatio", options.GroupRatio),
    userRatio: readRatioOption("UserRatio", options.UserRatio),
    prices: readPriceOption("ModelPrice", options.ModelPrice),
    policy: readPolicy(options.UnknownModelPolicy),
  };
}

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

/** Reads the option with the operator's own prices. Throws OPTION_INVALID with what is wrong. */
function readPriceOption(key: string, json: string): PriceTable {
  try {
    return parsePriceTable(json);
  } catch (error) {
    // Translates: whatever is wrong with the text is the operator's to mend.
    const reason = error instanceof RangeError ? error.message : "not JSON";
    throw fault("OPTION_INVALID", {
      sentence: `${key} cannot be read: ${reason}.`,
      metadata: { key },
      cause: error,
    });
  }
}

function readPolicy(text: string): UnknownModelPolicy {
  switch (text) {
    case "default-ratio":
    case "refuse":
    case "free":
      return text;
    default:
      throw fault("OPTION_INVALID", { metadata: { key: "UnknownModelPolicy" } });
  }
}
