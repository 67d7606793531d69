import type { Clock } from "@tollgate/kit/clock/clock";
import { createRefresher } from "@tollgate/kit/lifecycle/refresher";
import { fault } from "#domain/faults.ts";
import { defaultRatioOptions, mergeWithDefaults } from "#domain/default-ratios.ts";
import type { PriceBook } from "#domain/price-book.ts";
import type { PricingOptions } from "#domain/price-options.ts";
import { readPricingOptions } from "#domain/price-options.ts";
import type { PriceTimeline } from "#domain/price-timeline.ts";
import { priceTimeline } from "#domain/price-timeline.ts";
import type { Changes } from "#usecases/changes.ts";
import type { PriceStore } from "#usecases/money-ports.ts";
import type { Transactions, Tx } from "#usecases/transaction.ts";
import { createBookCache } from "./book-cache.ts";
import type { BookCache } from "./book-cache.ts";

/** A version to be made. */
export interface PublishInput {
  /** Every pricing option as it is when the version's time comes. */
  readonly options: PricingOptions;
  /** Undefined = at once. */
  readonly effectiveAtMs?: number;
  /** The options that change then; for versions ahead of their time. */
  readonly scheduled?: Readonly<Record<string, string>>;
}

/** All price books. */
export interface PriceBooks {
  /** Makes a new version; answers its number. Throws OPTION_INVALID. */
  readonly publish: (input: PublishInput, tx: Tx) => Promise<number>;
  /** The version in force, from memory. */
  readonly current: () => PriceBook;
  /** Version 0 is the current one. Throws PRICE_VERSION_UNKNOWN. */
  readonly get: (version: number) => Promise<PriceBook>;
  /** Brings the books of these versions into memory; versions that do not exist are ignored. */
  readonly load: (versions: ReadonlySet<number>) => Promise<void>;
  /** What a call costs, from memory; undefined = unknown version, or no price. */
  readonly priceOf: BookCache["priceOf"];
  /** Which version was in force when, from memory. */
  readonly timeline: () => PriceTimeline;
  /** Listeners hear of every new book, also of one whose time is still to come, and must not throw. Returns what ends the subscription. */
  readonly onPublished: (listener: (book: PriceBook) => void) => () => void;
  readonly close: () => void;
}

/** What {@link openPriceBooks} needs. */
export interface PriceBooksPorts {
  readonly prices: PriceStore;
  readonly transactions: Transactions;
  readonly changes: Pick<Changes, "notify" | "subscribe">;
  readonly clock: Pick<Clock, "nowMs" | "setInterval">;
  /** Hears of a failure to read a new book. */
  readonly onError: (error: unknown) => void;
}

const builtIn: PricingOptions = { ...defaultRatioOptions, UnknownModelPolicy: "default-ratio" };
const dueEveryMs = 1000;
// Older ones were superseded long before any call that is still to be settled.
const versionsMax = 2000;

/** Reads the books that are in force or wait for their time; the first start of all publishes the list prices. */
export async function openPriceBooks(ports: PriceBooksPorts): Promise<PriceBooks> {
  const { prices, changes, clock, onError } = ports;
  const cache = createBookCache(prices);
  const listeners = new Set<(book: PriceBook) => void>();
  const { follow, known } = await followBooks(ports, cache, (book) => {
    listeners.forEach((listener) => listener(book));
  });
  const unsubscribe = changes.subscribe(({ priceVersion = 0 }) => {
    if (priceVersion > 0 && !known().timeline.has(priceVersion)) {
      follow().catch(onError);
    }
  });
  const timer = clock.setInterval(() => {
    const { timeline, current } = known();
    if (timeline.currentAt(clock.nowMs()) !== current.version) {
      follow().catch(onError);
    }
  }, dueEveryMs);
  return {
    publish: async (input, tx) => publishBook(ports, input, tx),
    current: () => known().current,
    async get(version) {
      const book = version === 0 ? known().current : await cache.find(version);
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
    timeline: () => known().timeline,
    onPublished(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    close() {
      timer.cancel();
      unsubscribe();
      listeners.clear();
    },
  };
}

/** What this process knows of the versions. */
interface KnownBooks {
  readonly timeline: PriceTimeline;
  readonly current: PriceBook;
}

/** Keeps up with the versions and tells of each once; of one that waits for its time as soon as it is there. */
async function followBooks(
  ports: PriceBooksPorts,
  cache: BookCache,
  tell: (book: PriceBook) => void,
): Promise<{
  readonly follow: () => Promise<void>;
  readonly known: () => KnownBooks;
}> {
  const { clock } = ports;
  const told = new Set<number>();
  let timeline = await readTimeline(ports);
  if (timeline.versions.length === 0) {
    await publishFirst(ports);
    timeline = await readTimeline(ports);
  }
  let known = { timeline, current: await bookOf(cache, timeline.currentAt(clock.nowMs())) };
  told.add(known.current.version);

  const follow = createRefresher(async () => {
    const latest = await readTimeline(ports);
    const current = await bookOf(cache, latest.currentAt(clock.nowMs()));
    known = { timeline: latest, current };
    for (const version of [current.version, ...latest.after(clock.nowMs())]) {
      if (!told.has(version)) {
        told.add(version);
        tell(await bookOf(cache, version));
      }
    }
  });

  return { follow, known: () => known };
}

async function bookOf(cache: BookCache, version: number): Promise<PriceBook> {
  const book = await cache.find(version);
  if (book === undefined) {
    throw new Error(`price book ${version} is missing`);
  }
  return book;
}

async function readTimeline({ prices }: Pick<PriceBooksPorts, "prices">): Promise<PriceTimeline> {
  return priceTimeline(await prices.listTimes(versionsMax));
}

async function publishBook(
  { prices, changes, clock }: PriceBooksPorts,
  { options, effectiveAtMs = clock.nowMs(), scheduled = {} }: PublishInput,
  tx: Tx,
): Promise<number> {
  const texts = mergeWithDefaults(readPricingOptions(options));
  const version = (await prices.lockLast(tx)) + 1;
  await prices.insert({ version, effectiveAtMs, texts, scheduled }, tx);
  await changes.notify({ priceVersion: version }, tx);
  return version;
}

async function publishFirst(ports: PriceBooksPorts): Promise<void> {
  const failure = await ports.transactions
    .run(async (tx) => publishBook(ports, { options: builtIn }, tx))
    // Another replica may have been first; then its book is there, and the failure does not matter.
    .catch((error: unknown) => error);
  const versions = await ports.prices.listTimes(1);
  if (versions.length === 0) {
    throw new Error("the first price book could not be written", { cause: failure });
  }
}
