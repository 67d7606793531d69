/**
 * A price book: one immutable version of all prices and multipliers. Where the price of a model comes from, first match wins:
 *
 * 1. `prices`: the operator's own prices, part by part; else `list`: the providers' public prices.
 * 2. `modelRatio` and `completionRatio`: One API's ratios. For a model with a price of 1 they move its input and output, and every
 *    other part keeps its proportion to them; for any other model they are the price.
 * 3. The policy for unknown models.
 *
 * Names are looked up as One API does: `name(channelType)` before `name`. A kind of image, `name#size/quality`, has the price of
 * `name` unless it has one of its own, and a dated snapshot that nobody priced has the list price of its model.
 */
import type { Multiplier } from "@tollgate/kit/money/multiplier";
import { multiplierOf, unitMultiplier } from "@tollgate/kit/money/multiplier";
import { completionRatioByRule } from "./completion-rules.ts";
import type { PriceTable } from "./price-text.ts";
import { priceOfTexts } from "./price-text.ts";
import type { PriceVector } from "./price.ts";
import { freePrice, priceByRatio } from "./price.ts";
import { movePrice } from "./price-move.ts";
import type { Ratio, RatioTable, RatioTexts } from "./ratio.ts";
import { parseRatio, ratioTable, scaleByRatios } from "./ratio.ts";

/** What happens to a call of a model that no price is known for. */
export type UnknownModelPolicy = "default-ratio" | "refuse" | "free";

/** The decimal texts that a book is computed from: what is stored. */
export interface PriceBookTexts {
  readonly modelRatio: RatioTexts;
  readonly completionRatio: RatioTexts;
  readonly groupRatio: RatioTexts;
  /** Multipliers of single users, by id. */
  readonly userRatio: RatioTexts;
  readonly policy: UnknownModelPolicy;
  /** The operator's own prices. */
  readonly prices: PriceTable;
  /** The providers' public prices. */
  readonly list: PriceTable;
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
  readonly texts: PriceBookTexts;
  readonly models: readonly ModelPrice[];
  /** Parts per million; a group that is absent has 1,000,000. */
  readonly groupPpm: ReadonlyMap<string, bigint>;
  /** Parts per million; a user that is absent has 1,000,000. */
  readonly userPpm: ReadonlyMap<number, bigint>;
  /** For {@link multiplierFor}. */
  readonly groups: ReadonlyMap<string, Multiplier>;
  /** For {@link resolvePrice}. */
  readonly tables: PriceTables;
}

/** The tables of a book, ready to be looked up. */
export interface PriceTables {
  readonly modelRatio: RatioTable;
  readonly completionRatio: RatioTable;
  readonly prices: ReadonlyMap<string, PriceVector>;
  readonly list: ReadonlyMap<string, PriceVector>;
}

/** Parts per million of the multiplier 1. */
export const ppmOne = 1_000_000;

const defaultModelRatio = parseRatio("30");
const typedName = /^(.+)\((\d{1,9})\)$/u;
const datedName = /^(.+)-(?:\d{4}-\d{2}-\d{2}|\d{8})$/u;

/** Computes a book. The same texts always give the same prices. */
export function makePriceBook(
  version: number,
  effectiveAtMs: number,
  texts: PriceBookTexts,
): PriceBook {
  const tables: PriceTables = {
    modelRatio: ratioTable(texts.modelRatio),
    completionRatio: ratioTable(texts.completionRatio),
    prices: priceTable(texts.prices),
    list: priceTable(texts.list),
  };
  const groupPpm = new Map(ppmEntries(texts.groupRatio));
  const userPpm = ppmEntries(texts.userRatio).map(([id, ppm]) => [Number(id), ppm] as const);
  return {
    version,
    effectiveAtMs,
    texts,
    models: listModels(tables),
    groupPpm,
    userPpm: new Map(userPpm),
    groups: new Map([...groupPpm].map(([group, ppm]) => [group, multiplierOf(ppm)])),
    tables,
  };
}

/** The price of any model; undefined = its calls are refused. */
export function resolvePrice(
  book: PriceBook,
  model: string,
  channelType: number,
): PriceVector | undefined {
  const known = findPrice(book.tables, model, channelType);
  if (known !== undefined) {
    return known;
  }
  switch (book.texts.policy) {
    case "refuse":
      return undefined;
    case "free":
      return freePrice;
    case "default-ratio":
      return priceByRatio(
        model,
        defaultModelRatio,
        findCompletionRatio(book.tables.completionRatio, model, channelType) ??
          completionRatioByRule(plainNameOf(model)),
      );
  }
}

/** What the provider publishes for a model, else `price`: what an upstream charges by default. */
export function listPriceOf({ tables }: PriceBook, model: string, price: PriceVector): PriceVector {
  return findImagePrice(tables.list, model, 0) ?? findDatedPrice(tables.list, model) ?? price;
}

/** The price that a model has before ratios move it; undefined for one that has ratios only. */
export function ownPriceOf(
  { tables }: PriceBook,
  model: string,
  channelType: number,
): PriceVector | undefined {
  return findOwnPrice(tables, model, channelType);
}

/** The multipliers of a group and of a user, as one. */
export function multiplierFor(
  book: PriceBook,
  payer: { readonly group: string; readonly userId: number },
): Multiplier {
  const ofUser = book.userPpm.size === 0 ? undefined : book.userPpm.get(payer.userId);
  return ofUser === undefined
    ? (book.groups.get(payer.group) ?? unitMultiplier)
    : multiplierOf(book.groupPpm.get(payer.group) ?? BigInt(ppmOne), ofUser);
}

function ppmEntries(texts: RatioTexts): readonly (readonly [string, bigint])[] {
  return [...ratioTable(texts)].map(
    ([name, ratio]) => [name, scaleByRatios(BigInt(ppmOne), [ratio])] as const,
  );
}

function priceTable(table: PriceTable): ReadonlyMap<string, PriceVector> {
  return new Map(Object.entries(table).map(([name, texts]) => [name, priceOfTexts(texts)]));
}

function listModels(tables: PriceTables): readonly ModelPrice[] {
  const models: ModelPrice[] = [];
  const names = new Set<string>();
  for (const table of [tables.prices, tables.list, tables.modelRatio, tables.completionRatio]) {
    for (const name of table.keys()) {
      names.add(name);
    }
  }
  for (const name of names) {
    const [, model = name, type = "0"] = typedName.exec(name) ?? [];
    const channelType = Number(type);
    const price = findPrice(tables, model, channelType);
    if (price !== undefined) {
      models.push({ model, channelType, price });
    }
  }
  return models;
}

/** The price of a model that some table knows. */
function findPrice(
  tables: PriceTables,
  model: string,
  channelType: number,
): PriceVector | undefined {
  const ratio = findModelRatio(tables.modelRatio, model, channelType);
  const completion = findCompletionRatio(tables.completionRatio, model, channelType);
  const base =
    findOwnPrice(tables, model, channelType) ??
    (ratio === undefined ? findDatedPrice(tables.list, model) : undefined);
  if (base !== undefined) {
    return movePrice(base, ratio, completion);
  }
  return ratio === undefined
    ? undefined
    : priceByRatio(model, ratio, completion ?? completionRatioByRule(plainNameOf(model)));
}

function findOwnPrice(
  { prices, list }: PriceTables,
  model: string,
  channelType: number,
): PriceVector | undefined {
  return findImagePrice(prices, model, channelType) ?? findImagePrice(list, model, channelType);
}

function findImagePrice(
  table: ReadonlyMap<string, PriceVector>,
  model: string,
  channelType: number,
): PriceVector | undefined {
  const whole = findNamed(table, withoutSearch(model), channelType);
  return whole !== undefined || !model.includes("#")
    ? whole
    : findNamed(table, withoutKind(model), channelType);
}

function findDatedPrice(
  table: ReadonlyMap<string, PriceVector>,
  model: string,
): PriceVector | undefined {
  const [, name = ""] = datedName.exec(model) ?? [];
  return name === "" ? undefined : table.get(name);
}

function findModelRatio(table: RatioTable, model: string, channelType: number): Ratio | undefined {
  return findNamed(table, withoutSearch(withoutKind(model)), channelType);
}

function findCompletionRatio(
  table: RatioTable,
  model: string,
  channelType: number,
): Ratio | undefined {
  return findNamed(table, plainNameOf(model), channelType);
}

/** The name that completion ratios go by. */
function plainNameOf(model: string): string {
  const name = withoutKind(model);
  return /^qwen-.*-internet$/u.test(name) ? name.slice(0, -"-internet".length) : name;
}

/** Models that search the web cost what they cost without. */
function withoutSearch(model: string): string {
  const isSearching = /^(?:qwen|command)-.*-internet$/u.test(model);
  return isSearching ? model.slice(0, -"-internet".length) : model;
}

function withoutKind(model: string): string {
  const mark = model.indexOf("#");
  return mark <= 0 ? model : model.slice(0, mark);
}

function findNamed<Value>(
  table: ReadonlyMap<string, Value>,
  name: string,
  channelType: number,
): Value | undefined {
  return table.get(`${name}(${channelType})`) ?? table.get(name);
}
