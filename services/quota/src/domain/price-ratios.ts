/** Prices in One API's words: what ratios can say of them, and what they leave out. */
import type { PriceBook, PriceBookTexts } from "./price-book.ts";
import type { PricePart, PriceVector } from "./price.ts";
import { inputParts, otherParts, outputParts, picoUsdPerRatio, priceByRatio } from "./price.ts";
import type { RatioTexts } from "./ratio.ts";
import { formatRatio, parseRatio } from "./ratio.ts";

/** One API's tables of a book. */
export interface ExportedRatios {
  readonly modelRatio: RatioTexts;
  readonly completionRatio: RatioTexts;
  readonly groupRatio: RatioTexts;
  /** Models whose prices the tables say a part of only. */
  readonly unsayable: readonly UnsayablePrice[];
}

/** What ratios leave out of a price. */
export interface UnsayablePrice {
  readonly model: string;
  /** 0 = any. */
  readonly channelType: number;
  readonly parts: readonly (PricePart | "tiers")[];
}

/** The ratios that give a price's input and output; undefined for an output that is not to be had by a ratio. */
export function ratiosOfPrice({ input, output }: PriceVector): {
  readonly model: string;
  readonly completion: string | undefined;
} {
  return {
    model: formatRatio({ numerator: input, denominator: picoUsdPerRatio }),
    completion: input === 0n ? undefined : formatRatio({ numerator: output, denominator: input }),
  };
}

/**
 * A book as One API's tables. What was imported comes out digit by digit; prices that have no ratios are said in exact ones, so
 * that the tables read back give every input and output price again.
 */
export function exportRatios(book: PriceBook): ExportedRatios {
  const { texts } = book;
  const modelRatio: Record<string, string> = { ...texts.modelRatio };
  const completionRatio: Record<string, string> = { ...texts.completionRatio };
  const unsayable: UnsayablePrice[] = [];
  for (const { model, channelType, price } of book.models) {
    const name = channelType === 0 ? model : `${model}(${channelType})`;
    const isKind = model.includes("#");
    if (!isKind && hasOwnPrice(texts, model, name)) {
      const ratios = ratiosOfPrice(price);
      modelRatio[name] ??= ratios.model;
      completionRatio[name] ??= ratios.completion ?? "0";
    }
    const parts = isKind ? (["image"] as const) : partsBeyondRatios(model, price);
    if (parts.length > 0) {
      unsayable.push({ model, channelType, parts });
    }
  }
  return { modelRatio, completionRatio, groupRatio: texts.groupRatio, unsayable };
}

/** True for a price that is not made of ratios alone. */
function hasOwnPrice({ prices, list }: PriceBookTexts, model: string, name: string): boolean {
  return [model, name].some((key) => Object.hasOwn(prices, key) || Object.hasOwn(list, key));
}

/** Parts that differ from what the price's own ratios would give. */
function partsBeyondRatios(model: string, price: PriceVector): readonly (PricePart | "tiers")[] {
  const { model: ratio, completion = "0" } = ratiosOfPrice(price);
  const said = priceByRatio(model, parseRatio(ratio), parseRatio(completion));
  const parts = [...inputParts, ...outputParts, ...otherParts].filter(
    (part) => price[part] !== said[part],
  );
  return price.tiers.length === 0 ? parts : [...parts, "tiers"];
}
