import type { PriceBook } from "#domain/price-book.ts";
import { makePriceBook, multiplierPpm, resolvePrice } from "#domain/price-book.ts";
import type { PriceVector } from "#domain/price.ts";
import type { CallPrice } from "#domain/settle-call.ts";
import type { PriceStore, PriceVersion } from "./money-ports.ts";

/** What the price of a call depends on. */
export interface PricedCall {
  readonly priceVersion: number;
  readonly pricedModel: string;
  readonly channelType: number;
  readonly group: string;
}

/** Books in memory. A version never changes, so what is here is right for ever. */
export interface BookCache {
  /** From memory. */
  readonly peek: (version: number) => PriceBook | undefined;
  /** From memory or the database. */
  readonly find: (version: number) => Promise<PriceBook | undefined>;
  /** The newest book of the database; undefined before the first one. */
  readonly findCurrent: () => Promise<PriceBook | undefined>;
  /** From memory only. */
  readonly priceOf: (call: PricedCall) => CallPrice | undefined;
}

interface CachedBook {
  readonly book: PriceBook;
  /** Resolved prices; bounded, because model names come from customers. */
  readonly prices: Map<string, PriceVector | undefined>;
}

const booksMax = 32;
const pricesMax = 20_000;

/** Starts empty and keeps the books that were used last. */
export function createBookCache(store: Pick<PriceStore, "find" | "findCurrent">): BookCache {
  const books = new Map<number, CachedBook>();

  function keep({ version, effectiveAtMs, texts }: PriceVersion): PriceBook {
    const book = makePriceBook(version, effectiveAtMs, texts);
    books.set(version, { book, prices: new Map() });
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
    async findCurrent() {
      const stored = await store.findCurrent();
      return stored === undefined ? undefined : (books.get(stored.version)?.book ?? keep(stored));
    },
    priceOf(call) {
      const cached = books.get(call.priceVersion);
      return cached === undefined ? undefined : priceIn(cached, call);
    },
  };
}

function priceIn({ book, prices }: CachedBook, call: PricedCall): CallPrice | undefined {
  const key = `${call.channelType}/${call.pricedModel}`;
  let price = prices.get(key);
  if (price === undefined && !prices.has(key)) {
    price = resolvePrice(book, call.pricedModel, call.channelType);
    if (prices.size >= pricesMax) {
      prices.clear();
    }
    prices.set(key, price);
  }
  return price === undefined
    ? undefined
    : { price, multiplierPpm: multiplierPpm(book, call.group) };
}
