import type { Clock } from "@tollgate/kit/clock/clock";
import { fault } from "#domain/faults.ts";
import { defaultRatioOptions, mergeWithDefaults } from "#domain/default-ratios.ts";
import type { PriceBook, PriceBookTexts, UnknownModelPolicy } from "#domain/price-book.ts";
import { makePriceBook, multiplierPpm, readRatioOption, resolvePrice } from "#domain/price-book.ts";
import type { PriceVector } from "#domain/price.ts";
import type { CallPrice } from "#domain/settle-call.ts";
import type { Changes } from "./changes.ts";
import type { PriceStore, PriceVersion } from "./money-ports.ts";
import type { Transactions, Tx } from "./transaction.ts";

/** The options that prices are made of, as the operator wrote them. */
export interface PricingOptions {
  readonly ModelRatio: string;
  readonly CompletionRatio: string;
  readonly GroupRatio: string;
  /** "default-ratio", "refuse" or "free". */
  readonly UnknownModelPolicy: string;
}

/** All price books. A version never changes, so what is in memory is right for ever. */
export interface PriceBooks {
  /** Makes a new version, current from the commit of `tx` on. Throws OPTION_INVALID. */
  readonly publish: (options: PricingOptions, tx: Tx) => Promise<void>;
  /** The newest version, from memory. */
  readonly current: () => PriceBook;
  /** Throws PRICE_VERSION_UNKNOWN; version 0 is the current one. */
  readonly get: (version: number) => Promise<PriceBook>;
  /** Brings the books of these versions into memory; versions that do not exist are ignored. */
  readonly load: (versions: ReadonlySet<number>) => Promise<void>;
  /** What a call of this model costs, from memory; undefined = unknown version, or no price. */
  readonly priceOf: (call: PricedCall) => CallPrice | undefined;
  /** Reads the current version now. */
  readonly refresh: () => Promise<void>;
  /** Listeners hear of every new current book and must not throw. Returns what ends the subscription. */
  readonly onPublished: (listener: (book: PriceBook) => void) => () => void;
  readonly close: () => void;
}

/** What the price of a call depends on. */
export interface PricedCall {
  readonly priceVersion: number;
  readonly pricedModel: string;
  readonly channelType: number;
  readonly group: string;
}

/** What {@link openPriceBooks} needs. */
export interface PriceBooksPorts {
  readonly store: PriceStore;
  readonly transactions: Transactions;
  readonly changes: Pick<Changes, "notify" | "subscribe">;
  readonly clock: Pick<Clock, "nowMs">;
  /** Hears of a failure to read a new book. */
  readonly onError: (error: unknown) => void;
}

interface LoadedBook {
  readonly book: PriceBook;
  /** Resolved prices; bounded, because model names come from customers. */
  readonly prices: Map<string, PriceVector | undefined>;
}

const booksMax = 32;
const pricesMax = 20_000;

const builtIn: PricingOptions = { ...defaultRatioOptions, UnknownModelPolicy: "default-ratio" };

/** Reads the current book; the first start of all publishes One API's ratios. */
export async function openPriceBooks(ports: PriceBooksPorts): Promise<PriceBooks> {
  const { store, transactions, changes } = ports;
  const books = new Map<number, LoadedBook>();
  const listeners = new Set<(book: PriceBook) => void>();

  async function publish(options: PricingOptions, tx: Tx): Promise<void> {
    const texts = readOptions(options);
    const previous = await store.findCurrent(tx);
    const version = (previous?.version ?? 0) + 1;
    await store.insert({ version, effectiveAtMs: ports.clock.nowMs(), texts }, tx);
    await changes.notify({ priceVersion: version }, tx);
  }

  function keep({ version, effectiveAtMs, texts }: PriceVersion): LoadedBook {
    const loaded = { book: makePriceBook(version, effectiveAtMs, texts), prices: new Map() };
    books.set(version, loaded);
    for (const old of books.keys()) {
      if (books.size > booksMax && old !== currentVersion && old !== version) {
        books.delete(old);
      }
    }
    return loaded;
  }

  async function readCurrent(): Promise<LoadedBook> {
    const stored = await store.findCurrent();
    if (stored === undefined) {
      throw new Error("there is no price book");
    }
    return books.get(stored.version) ?? keep(stored);
  }

  async function refresh(): Promise<void> {
    const { book } = await readCurrent();
    if (book.version > currentVersion) {
      currentVersion = book.version;
      for (const listener of listeners) {
        listener(book);
      }
    }
  }

  async function find(version: number): Promise<LoadedBook | undefined> {
    const loaded = books.get(version);
    if (loaded !== undefined) {
      return loaded;
    }
    const stored = await store.find(version);
    return stored === undefined ? undefined : keep(stored);
  }

  let currentVersion = 0;
  await transactions.run(async (tx) => {
    if ((await store.findCurrent(tx)) === undefined) {
      await publish(builtIn, tx);
    }
  });
  await refresh();
  const unsubscribe = changes.subscribe(({ priceVersion }) => {
    if (priceVersion !== undefined && priceVersion > currentVersion) {
      refresh().catch(ports.onError);
    }
  });
  const current = (): PriceBook => {
    const loaded = books.get(currentVersion);
    if (loaded === undefined) {
      throw new Error("the current price book is not in memory");
    }
    return loaded.book;
  };

  return {
    publish,
    refresh,
    current,
    async get(version) {
      const loaded = version === 0 ? { book: current() } : await find(version);
      if (loaded === undefined) {
        throw fault("PRICE_VERSION_UNKNOWN");
      }
      return loaded.book;
    },
    async load(versions) {
      for (const version of versions) {
        await find(version);
      }
    },
    priceOf(call) {
      const loaded = books.get(call.priceVersion);
      return loaded === undefined ? undefined : priceIn(loaded, call);
    },
    onPublished(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    close() {
      unsubscribe();
      listeners.clear();
    },
  };
}

function priceIn({ book, prices }: LoadedBook, call: PricedCall): CallPrice | undefined {
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

function readOptions(options: PricingOptions): PriceBookTexts {
  return mergeWithDefaults({
    modelRatio: readRatioOption("ModelRatio", options.ModelRatio),
    completionRatio: readRatioOption("CompletionRatio", options.CompletionRatio),
    groupRatio: readRatioOption("GroupRatio", options.GroupRatio),
    policy: readPolicy(options.UnknownModelPolicy),
  });
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
