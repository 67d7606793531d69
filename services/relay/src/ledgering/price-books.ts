/** Immutable price books by version, and which of them is in force. What a call costs by one: rate-call.ts. */
import type { Clock } from "@tollgate/kit/clock/clock";
import type { Multiplier } from "@tollgate/kit/money/multiplier";
import { multiplierOf, unitMultiplier } from "@tollgate/kit/money/multiplier";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { PriceBook, PriceVector } from "@tollgate/proto/type/v1/price";
import type { ModelRate } from "#ledgering/model-rate.ts";
import { rateOf } from "#ledgering/model-rate.ts";

/** What a call needs to know of the money side; pinned at its start. */
export interface RateQuery {
  readonly version: number;
  readonly model: string;
  readonly channelType: number;
}

/** Who pays, as far as the price depends on it. */
export interface PricedPayer {
  readonly userId: number;
  readonly group: string;
}

export interface PriceBooks {
  /**
   * The version in force. 0 = none: none has arrived yet, or quota has a newer one that could not be fetched for a day, and calls
   * must not be priced by the old one any longer.
   */
  readonly currentVersion: () => number;
  readonly has: (version: number) => boolean;
  /** The multipliers of the payer's group and of the payer, as one. */
  readonly multiplier: (version: number, payer: PricedPayer) => Multiplier;
  /** The price if it is at hand: `undefined` = ask {@link resolve}; `null` = calls of the model are refused. */
  readonly find: (query: RateQuery) => ModelRate | null | undefined;
  /** Asks quota and remembers the answer. Rejects with a Fault when quota cannot be reached. */
  readonly resolve: (query: RateQuery) => Promise<ModelRate | null>;
  /** Remembers a book; one whose time has not come waits for it. */
  readonly accept: (book: PriceBook) => void;
  /** Quota says that this version is in force; it is missed from now on unless it is here. */
  readonly heard: (version: number) => void;
}

export interface PriceBookPorts {
  readonly resolvePrice: (query: RateQuery) => Promise<PriceVector | undefined>;
  readonly clock: Pick<Clock, "nowMs" | "monotonicMs">;
}

interface Book {
  readonly version: number;
  readonly effectiveAtMs: number;
  /** By {@link keyOf}. */
  readonly rates: Map<string, ModelRate | null>;
  readonly groups: ReadonlyMap<string, Multiplier>;
  readonly users: ReadonlyMap<number, bigint>;
  /** Of payers with a multiplier of their own, by group and id. */
  readonly payers: Map<string, Multiplier>;
  readonly groupPpm: Readonly<Record<string, bigint>>;
  resolvedCount: number;
}

const booksMax = 16;
const resolvedMax = 10_000;
const payersMax = 20_000;
const ppmOne = 1_000_000n;
const missingMsMax = 24 * 3_600_000;

export function createPriceBooks({ clock, resolvePrice }: PriceBookPorts): PriceBooks {
  const books = new Map<number, Book>();
  const missing = createMissing(clock);
  let inForce: Force = noForce;
  return {
    currentVersion: () => {
      // Clocks are read only while a book waits for its time, or one is missing.
      if (inForce.untilMs !== Infinity && clock.nowMs() >= inForce.untilMs) {
        inForce = forceAt(books, clock.nowMs());
      }
      return missing.isForTooLong() ? 0 : inForce.version;
    },
    has: (version) => books.has(version),
    multiplier: (version, payer) => {
      const book = books.get(version);
      return book === undefined ? unitMultiplier : multiplierIn(book, payer);
    },
    find: ({ version, model, channelType }) => {
      const rates = books.get(version)?.rates;
      const rate = rates?.get(keyOf(model, channelType));
      return rate === undefined ? rates?.get(model) : rate;
    },
    resolve: createResolve(books, resolvePrice),
    accept: (message) => {
      const version = Number(message.version);
      if (!books.has(version)) {
        books.set(version, indexBook(message, version));
      }
      inForce = forceAt(books, clock.nowMs());
      forgetOldest(books, inForce.version);
      missing.found(version);
    },
    heard: (version) => {
      if (books.has(version)) {
        missing.clear();
      } else {
        missing.note(version);
      }
    },
  };
}

/** The version that quota has and this relay has not. */
interface Missing {
  readonly note: (version: number) => void;
  readonly found: (version: number) => void;
  readonly clear: () => void;
  readonly isForTooLong: () => boolean;
}

function createMissing(clock: Pick<Clock, "monotonicMs">): Missing {
  let missing: { readonly version: number; readonly sinceMs: number } | undefined;
  return {
    note: (version) => {
      // A newer one does not start the time anew: news have been missing since the first.
      missing = { version, sinceMs: missing?.sinceMs ?? clock.monotonicMs() };
    },
    found: (version) => {
      missing = missing?.version === version ? undefined : missing;
    },
    clear: () => {
      missing = undefined;
    },
    isForTooLong: () =>
      missing !== undefined && clock.monotonicMs() - missing.sinceMs > missingMsMax,
  };
}

/** Asks quota, for each model once at a time. */
function createResolve(
  books: ReadonlyMap<number, Book>,
  resolvePrice: PriceBookPorts["resolvePrice"],
): PriceBooks["resolve"] {
  const pending = new Map<string, Promise<ModelRate | null>>();
  const ask = async (query: RateQuery): Promise<ModelRate | null> => {
    const vector = await resolvePrice(query);
    const rate = vector === undefined ? null : rateOf(vector);
    const book = books.get(query.version);
    // Names of models come from callers: the bound keeps them from filling the memory.
    if (book !== undefined && book.resolvedCount < resolvedMax) {
      book.resolvedCount += 1;
      book.rates.set(keyOf(query.model, query.channelType), rate);
    }
    return rate;
  };
  return async (query) => {
    const key = `${query.version}/${keyOf(query.model, query.channelType)}`;
    const running = pending.get(key) ?? ask(query).finally(() => pending.delete(key));
    pending.set(key, running);
    return running;
  };
}

/** Which version applies, and until when. */
interface Force {
  /** 0 = none. */
  readonly version: number;
  /** When the next book's time comes. */
  readonly untilMs: number;
}

const noForce: Force = { version: 0, untilMs: Infinity };

/**
 * The book whose time came last; of two at once the higher version. If the time of none has come (this clock may be behind the one
 * that set the times), the first one applies.
 */
function forceAt(books: ReadonlyMap<number, Book>, nowMs: number): Force {
  const inOrder = [...books.values()].toSorted(byEffect);
  const due = inOrder.filter(({ effectiveAtMs }) => effectiveAtMs <= nowMs);
  const book = due.at(-1) ?? inOrder[0];
  const next = inOrder.find(({ effectiveAtMs }) => effectiveAtMs > nowMs);
  return book === undefined
    ? noForce
    : { version: book.version, untilMs: next?.effectiveAtMs ?? Infinity };
}

function byEffect(left: Book, right: Book): number {
  return left.effectiveAtMs - right.effectiveAtMs || left.version - right.version;
}

/** Running calls may still need old books; those of the lowest versions go first, the one in force never. */
function forgetOldest(books: Map<number, Book>, inForce: number): void {
  if (books.size > booksMax) {
    const [oldest] = [...books.keys()].filter((version) => version !== inForce).toSorted(ascending);
    books.delete(oldest ?? 0);
  }
}

function ascending(left: number, right: number): number {
  return left - right;
}

function multiplierIn(book: Book, { userId, group }: PricedPayer): Multiplier {
  const ofUser = book.users.size === 0 ? undefined : book.users.get(userId);
  return ofUser === undefined
    ? (book.groups.get(group) ?? unitMultiplier)
    : multiplierOfPayer(book, ofUser, { userId, group });
}

function multiplierOfPayer(
  { payers, groupPpm }: Book,
  ofUser: bigint,
  { userId, group }: PricedPayer,
): Multiplier {
  const key = `${userId}/${group}`;
  const known = payers.get(key);
  if (known !== undefined) {
    return known;
  }
  if (payers.size >= payersMax) {
    payers.clear();
  }
  const multiplier = multiplierOf(groupPpm[group] ?? ppmOne, ofUser);
  payers.set(key, multiplier);
  return multiplier;
}

function indexBook(book: PriceBook, version: number): Book {
  const rates = new Map<string, ModelRate | null>();
  for (const { model, channelType, price } of book.models) {
    if (price !== undefined) {
      rates.set(keyOf(model, channelType), rateOf(price));
    }
  }
  const groups = Object.entries(book.groupMultiplierPpm);
  const users = Object.entries(book.userMultiplierPpm);
  return {
    version,
    effectiveAtMs: book.effectiveAt === undefined ? 0 : timestampMs(book.effectiveAt),
    rates,
    groups: new Map(groups.map(([group, ppm]) => [group, multiplierOf(ppm)])),
    users: new Map(users.map(([userId, ppm]) => [Number(userId), ppm])),
    payers: new Map(),
    groupPpm: book.groupMultiplierPpm,
    resolvedCount: 0,
  };
}

/** As One API writes it: the plain name for any type of channel, "name(type)" for one. */
function keyOf(model: string, channelType: number): string {
  return channelType === 0 ? model : `${model}(${channelType})`;
}
