import type { Clock } from "@tollgate/kit/clock/clock";
import { fault } from "#domain/faults.ts";
import { defaultRatioOptions, mergeWithDefaults } from "#domain/default-ratios.ts";
import type { PriceBook, PriceBookTexts, UnknownModelPolicy } from "#domain/price-book.ts";
import { readRatioOption } from "#domain/price-book.ts";
import { createBookCache } from "./book-cache.ts";
import type { BookCache } from "./book-cache.ts";
import type { Changes } from "./changes.ts";
import type { PriceStore } from "./money-ports.ts";
import type { Transactions, Tx } from "./transaction.ts";

/** The options that prices are made of, as the operator wrote them. */
export interface PricingOptions {
  readonly ModelRatio: string;
  readonly CompletionRatio: string;
  readonly GroupRatio: string;
  /** "default-ratio", "refuse" or "free". */
  readonly UnknownModelPolicy: string;
}

/** All price books. */
export interface PriceBooks {
  /** Makes a new version, current from the commit of `tx` on. Throws OPTION_INVALID. */
  readonly publish: (options: PricingOptions, tx: Tx) => Promise<void>;
  /** The newest version, from memory. */
  readonly current: () => PriceBook;
  /** Version 0 is the current one. Throws PRICE_VERSION_UNKNOWN. */
  readonly get: (version: number) => Promise<PriceBook>;
  /** Brings the books of these versions into memory; versions that do not exist are ignored. */
  readonly load: (versions: ReadonlySet<number>) => Promise<void>;
  /** What a call costs, from memory; undefined = unknown version, or no price. */
  readonly priceOf: BookCache["priceOf"];
  /** Listeners hear of every new current book and must not throw. Returns what ends the subscription. */
  readonly onPublished: (listener: (book: PriceBook) => void) => () => void;
  readonly close: () => void;
}

/** What {@link openPriceBooks} needs. */
export interface PriceBooksPorts {
  readonly prices: PriceStore;
  readonly transactions: Transactions;
  readonly changes: Pick<Changes, "notify" | "subscribe">;
  readonly clock: Pick<Clock, "nowMs">;
  /** Hears of a failure to read a new book. */
  readonly onError: (error: unknown) => void;
}

const builtIn: PricingOptions = { ...defaultRatioOptions, UnknownModelPolicy: "default-ratio" };

/** Reads the current book; the first start of all publishes One API's ratios. */
export async function openPriceBooks(ports: PriceBooksPorts): Promise<PriceBooks> {
  const cache = createBookCache(ports.prices);
  const listeners = new Set<(book: PriceBook) => void>();
  const publish: PriceBooks["publish"] = async (options, tx) => publishBook(ports, options, tx);
  let current = (await cache.findCurrent()) ?? (await publishFirst(ports, cache));

  async function refresh(): Promise<void> {
    const newest = await cache.findCurrent();
    if (newest !== undefined && newest.version > current.version) {
      current = newest;
      listeners.forEach((listener) => listener(newest));
    }
  }

  const unsubscribe = ports.changes.subscribe(({ priceVersion = 0 }) => {
    if (priceVersion > current.version) {
      refresh().catch(ports.onError);
    }
  });
  return {
    publish,
    current: () => current,
    async get(version) {
      const book = version === 0 ? current : await cache.find(version);
      if (book === undefined) {
        throw fault("PRICE_VERSION_UNKNOWN");
      }
      return book;
    },
    async load(versions) {
      for (const version of versions) {
        await cache.find(version);
      }
    },
    priceOf: cache.priceOf,
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

async function publishBook(
  { prices, changes, clock }: PriceBooksPorts,
  options: PricingOptions,
  tx: Tx,
): Promise<void> {
  const texts = readOptions(options);
  const previous = await prices.findCurrent(tx);
  const version = (previous?.version ?? 0) + 1;
  await prices.insert({ version, effectiveAtMs: clock.nowMs(), texts }, tx);
  await changes.notify({ priceVersion: version }, tx);
}

async function publishFirst(ports: PriceBooksPorts, cache: BookCache): Promise<PriceBook> {
  const failure = await ports.transactions
    .run(async (tx) => publishBook(ports, builtIn, tx))
    // Another replica may have been first; then its book is there, and the failure does not matter.
    .catch((error: unknown) => error);
  const book = await cache.findCurrent();
  if (book === undefined) {
    throw new Error("the first price book could not be written", { cause: failure });
  }
  return book;
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
