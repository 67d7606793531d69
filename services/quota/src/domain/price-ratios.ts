/** Prices in One API's words: what ratios can say of them, and what they leave out. */
import type { PriceBook } from "./price-book.ts";
import { ownPriceOf } from "./price-book.ts";
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

/** The ratios that give a price's input and output; without a completion where no ratio gives that output. */
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
    const own = isKind ? undefined : ownPriceOf(book, model, channelType);
    if (own !== undefined) {
      // Ratios of the price as it was before ratios moved it: its proportions are the exact ones.
      const ratios = ratiosOfPrice(own);
      modelRatio[name] ??= modelRatio[model] ?? ratios.model;
      const completion = completionRatio[name] ?? completionRatio[model] ?? ratios.completion;
      completionRatio[name] = completion ?? "0";
    }
    const parts = isKind ? (["image"] as const) : partsBeyondRatios(model, price);
    if (parts.length > 0) {
      unsayable.push({ model, channelType, parts });
    }
  }
  return { modelRatio, completionRatio, groupRatio: texts.groupRatio, unsayable };
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
