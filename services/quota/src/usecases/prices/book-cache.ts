import type { Multiplier } from "@tollgate/kit/money/multiplier";
import type { PriceBook } from "#domain/price-book.ts";
import { listPriceOf, makePriceBook, multiplierFor, resolvePrice } from "#domain/price-book.ts";
import type { PriceVector } from "#domain/price.ts";
import type { CallPrice } from "#domain/settle-call.ts";
import type { PriceStore, PriceVersion } from "#usecases/money-ports.ts";

/** What the price of a call depends on. */
export interface PricedCall {
  readonly priceVersion: number;
  readonly pricedModel: string;
  readonly channelType: number;
  readonly group: string;
  /** 0 = nobody in particular. */
  readonly userId: number;
}

/** Books in memory. A version never changes, so what is here is right for ever. */
export interface BookCache {
  /** From memory. */
  readonly peek: (version: number) => PriceBook | undefined;
  /** From memory or the database. */
  readonly find: (version: number) => Promise<PriceBook | undefined>;
  /** From memory only. */
  readonly priceOf: (call: PricedCall) => CallPrice | undefined;
}

interface CachedBook {
  readonly book: PriceBook;
  /** Resolved prices; bounded, because model names come from customers. */
  readonly prices: Map<string, ResolvedPrice | undefined>;
  /** Of users with a multiplier of their own, by id and group. */
  readonly multipliers: Map<string, Multiplier>;
}

interface ResolvedPrice {
  readonly price: PriceVector;
  readonly listPrice: PriceVector;
}

const booksMax = 32;
const pricesMax = 20_000;
const multipliersMax = 20_000;

/** Starts empty and keeps the books that were used last. */
export function createBookCache(store: Pick<PriceStore, "find">): BookCache {
  const books = new Map<number, CachedBook>();

  function keep({ version, effectiveAtMs, texts }: PriceVersion): PriceBook {
    const book = makePriceBook(version, effectiveAtMs, texts);
    books.set(version, { book, prices: new Map(), multipliers: new Map() });
    const [oldest] = books.keys();
    if (books.size > booksMax && oldest !== undefined) {
      books.delete(oldest);
    }
    return book;
  }

  return {
    peek: (version) => books.get(version)?.book,
    async find(version) {
      const cached = books.get(version);
      if (cached !== undefined) {
        // The order of the map is the order of use.
        books.delete(version);
        books.set(version, cached);
        return cached.book;
      }
      const stored = await store.find(version);
      return stored === undefined ? undefined : keep(stored);
    },
    priceOf(call) {
      const cached = books.get(call.priceVersion);
      return cached === undefined ? undefined : priceIn(cached, call);
    },
  };
}

function priceIn(cached: CachedBook, call: PricedCall): CallPrice | undefined {
  const { book, prices } = cached;
  const key = `${call.channelType}/${call.pricedModel}`;
  let resolved = prices.get(key);
  if (resolved === undefined && !prices.has(key)) {
    resolved = resolveIn(book, call);
    if (prices.size >= pricesMax) {
      prices.clear();
    }
    prices.set(key, resolved);
  }
  return resolved === undefined
    ? undefined
    : {
        price: resolved.price,
        listPrice: resolved.listPrice,
        multiplier:
          book.userPpm.size === 0 ? multiplierFor(book, call) : multiplierIn(cached, call),
      };
}

function resolveIn(book: PriceBook, call: PricedCall): ResolvedPrice | undefined {
  const price = resolvePrice(book, call.pricedModel, call.channelType);
  return price === undefined
    ? undefined
    : { price, listPrice: listPriceOf(book, call.pricedModel, price) };
}

function multiplierIn({ book, multipliers }: CachedBook, call: PricedCall): Multiplier {
  if (!book.userPpm.has(call.userId)) {
    return multiplierFor(book, call);
  }
  const key = `${call.userId}/${call.group}`;
  let multiplier = multipliers.get(key);
  if (multiplier === undefined) {
    multiplier = multiplierFor(book, call);
    if (multipliers.size >= multipliersMax) {
      multipliers.clear();
    }
    multipliers.set(key, multiplier);
  }
  return multiplier;
}
