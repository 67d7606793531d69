/**
 * The public list prices of providers that this version was shipped with: a file a provider in `price-data`, each row with where and
 * when it was read. Prices of thinking, audio and pictures are given where they differ from plain tokens; prices in promotions are
 * not, and a price that depends on the hour is the dearest one. Kinds of images have rows of their own, `model#size/quality`.
 */
import anthropic from "./price-data/anthropic.json" with { type: "json" };
import cohere from "./price-data/cohere.json" with { type: "json" };
import deepseek from "./price-data/deepseek.json" with { type: "json" };
import google from "./price-data/google.json" with { type: "json" };
import groq from "./price-data/groq.json" with { type: "json" };
import minimax from "./price-data/minimax.json" with { type: "json" };
import mistral from "./price-data/mistral.json" with { type: "json" };
import moonshot from "./price-data/moonshot.json" with { type: "json" };
import openai from "./price-data/openai.json" with { type: "json" };
import qwen from "./price-data/qwen.json" with { type: "json" };
import xai from "./price-data/xai.json" with { type: "json" };
import zhipu from "./price-data/zhipu.json" with { type: "json" };
import type { PriceTable, PriceTexts } from "./price-text.ts";

/** A row of a provider's file. */
export interface ListPriceRow extends PriceTexts {
  readonly model: string;
  /** Where the price was read. */
  readonly source: string;
  /** When, YYYY-MM-DD. */
  readonly date: string;
}

/** Every row, by provider. */
export const listPriceRows: readonly ListPriceRow[] = [
  ...openai,
  ...anthropic,
  ...google,
  ...deepseek,
  ...mistral,
  ...xai,
  ...groq,
  ...cohere,
  ...qwen,
  ...zhipu,
  ...moonshot,
  ...minimax,
];

/** The same by model. */
export const listPrices: PriceTable = Object.freeze(
  Object.fromEntries(
    listPriceRows.map(({ model, source: _source, date: _date, ...texts }) => [model, texts]),
  ),
);
