/** Immutable price books by version, and the one place of the relay where usage becomes money. */
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import { ZERO } from "@tollgate/kit/money/nano-usd";
import type { RatedLine } from "@tollgate/kit/money/rate";
import { rateNanoUsdFast } from "@tollgate/kit/money/rate";
import type { PriceBook, PriceVector } from "@tollgate/proto/type/v1/price";
import type { CallUsage } from "#ledgering/call-record.ts";

/** The price of a model, ready to be applied. */
export interface ModelRate {
  readonly vector: PriceVector;
  /** The dearest way to read one input token / to make one output token: estimates must bound what comes. */
  readonly inputCeilingPico: bigint;
  readonly outputCeilingPico: bigint;
}

/** What a call needs to know of the money side; pinned at its start. */
export interface RateQuery {
  readonly version: number;
  readonly model: string;
  readonly channelType: number;
}

export interface PriceBooks {
  /** The version in force; 0 = none has arrived yet. */
  readonly currentVersion: () => number;
  readonly multiplierPpm: (version: number, group: string) => bigint;
  /** The price if it is at hand: `undefined` = ask {@link resolve}; `null` = calls of the model are refused. */
  readonly find: (query: RateQuery) => ModelRate | null | undefined;
  /** Asks quota and remembers the answer. Rejects with a Fault when quota cannot be reached. */
  readonly resolve: (query: RateQuery) => Promise<ModelRate | null>;
  readonly accept: (book: PriceBook) => void;
}

export interface PriceBookPorts {
  readonly resolvePrice: (query: RateQuery) => Promise<PriceVector | undefined>;
}

interface Book {
  readonly version: number;
  /** By {@link keyOf}. */
  readonly rates: Map<string, ModelRate | null>;
  readonly multipliers: ReadonlyMap<string, bigint>;
  resolvedCount: number;
}

const booksMax = 16;
const resolvedMax = 10_000;
const ppmOne = 1_000_000n;

export function createPriceBooks(ports: PriceBookPorts): PriceBooks {
  const books = new Map<number, Book>();
  const pending = new Map<string, Promise<ModelRate | null>>();
  let current = 0;

  const remember = (query: RateQuery, rate: ModelRate | null): void => {
    const book = books.get(query.version);
    // Names of models come from callers: the bound keeps them from filling the memory.
    if (book !== undefined && book.resolvedCount < resolvedMax) {
      book.resolvedCount += 1;
      book.rates.set(keyOf(query.model, query.channelType), rate);
    }
  };
  const ask = async (query: RateQuery): Promise<ModelRate | null> => {
    const vector = await ports.resolvePrice(query);
    const rate = vector === undefined ? null : rateOf(vector);
    remember(query, rate);
    return rate;
  };
  return {
    currentVersion: () => current,
    multiplierPpm: (version, group) => books.get(version)?.multipliers.get(group) ?? ppmOne,
    find: ({ version, model, channelType }) => {
      const rates = books.get(version)?.rates;
      return rates?.get(keyOf(model, channelType)) ?? rates?.get(model);
    },
    resolve: async (query) => {
      const key = `${query.version}/${keyOf(query.model, query.channelType)}`;
      const running = pending.get(key) ?? ask(query).finally(() => pending.delete(key));
      pending.set(key, running);
      return running;
    },
    accept: (book) => {
      const version = Number(book.version);
      if (!books.has(version)) {
        books.set(version, indexBook(book, version));
      }
      current = Math.max(current, version);
      const oldest = books.keys().next().value;
      if (books.size > booksMax && oldest !== undefined) {
        books.delete(oldest);
      }
    },
  };
}

/** The exact cost of a call, rounded up once. */
export function costOf(usage: CallUsage, rate: ModelRate, multiplierPpm: bigint): NanoUsd {
  const { vector } = rate;
  const lines: RatedLine[] = [];
  addLine(lines, usage.inputTokens, vector.inputPicoUsd);
  addLine(lines, usage.cacheReadTokens, vector.cacheReadPicoUsd);
  addLine(lines, usage.cacheWrite5mTokens, vector.cacheWrite5mPicoUsd);
  addLine(lines, usage.cacheWrite1hTokens, vector.cacheWrite1hPicoUsd);
  addLine(lines, usage.outputTokens, vector.outputPicoUsd);
  addLine(lines, usage.reasoningTokens, vector.reasoningPicoUsd);
  addLine(lines, usage.audioInputTokens, vector.audioInputPicoUsd);
  addLine(lines, usage.audioOutputTokens, vector.audioOutputPicoUsd);
  addLine(lines, usage.imageInputTokens, vector.imageInputPicoUsd);
  addLine(lines, usage.imageOutputTokens, vector.imageOutputPicoUsd);
  addLine(lines, usage.calls, vector.callPicoUsd);
  return lines.length === 0 ? ZERO : rateNanoUsdFast(lines, [multiplierPpm]);
}

/** What must be set aside for so many input and output tokens, whatever kinds they turn out to be. */
export function estimateOf(
  tokens: { readonly input: number; readonly output: number },
  rate: ModelRate,
  multiplierPpm: bigint,
): NanoUsd {
  const lines: RatedLine[] = [];
  addLine(lines, tokens.input, rate.inputCeilingPico);
  addLine(lines, tokens.output, rate.outputCeilingPico);
  addLine(lines, 1, rate.vector.callPicoUsd);
  return rateNanoUsdFast(lines, [multiplierPpm]);
}

function addLine(lines: RatedLine[], units: number, picoUsdPerUnit: bigint): void {
  if (units > 0 && picoUsdPerUnit !== 0n) {
    lines.push({ units: BigInt(units), picoUsdPerUnit });
  }
}

function indexBook(book: PriceBook, version: number): Book {
  const rates = new Map<string, ModelRate | null>();
  for (const { model, channelType, price } of book.models) {
    if (price !== undefined) {
      rates.set(keyOf(model, channelType), rateOf(price));
    }
  }
  return {
    version,
    rates,
    multipliers: new Map(Object.entries(book.groupMultiplierPpm)),
    resolvedCount: 0,
  };
}

function rateOf(vector: PriceVector): ModelRate {
  return {
    vector,
    inputCeilingPico: largest([
      vector.inputPicoUsd,
      vector.cacheReadPicoUsd,
      vector.cacheWrite5mPicoUsd,
      vector.cacheWrite1hPicoUsd,
    ]),
    outputCeilingPico: largest([vector.outputPicoUsd, vector.reasoningPicoUsd]),
  };
}

/** As One API writes it: the plain name for any type of channel, "name(type)" for one. */
function keyOf(model: string, channelType: number): string {
  return channelType === 0 ? model : `${model}(${channelType})`;
}

function largest(values: readonly bigint[]): bigint {
  return values.reduce((left, right) => (left > right ? left : right));
}
