/**
 * Publishing prices now and for later. A version that waits for its time is a book like any other, made of all options as they will
 * be; so when the options change before, it is made anew on top of the change, with the same time and a higher number. When its time
 * has come it is in force everywhere at once, and the options follow: the next publication, at the latest one that a replica makes for
 * this purpose, writes what was scheduled into them.
 */
import type { Clock } from "@tollgate/kit/clock/clock";
import type { PricingOptions } from "#domain/price-options.ts";
import type { VersionTime } from "#domain/price-timeline.ts";
import { priceTimeline } from "#domain/price-timeline.ts";
import type { PriceStore } from "#usecases/money-ports.ts";
import type { Tx } from "#usecases/transaction.ts";
import type { PriceBooks } from "./price-books.ts";

/** Changes of options that wait for their time. */
export interface ScheduledPrices {
  readonly effectiveAtMs: number;
  readonly options: Readonly<Record<string, string>>;
}

/** Publishes, in the transaction of the change. */
export interface PricePublisher {
  /** What was scheduled and has come into force, but is not in the options yet. */
  readonly due: (tx: Tx) => Promise<Readonly<Record<string, string>>>;
  /** Makes the version of these options, and what waits anew on top of them. Throws OPTION_INVALID. */
  readonly publish: (options: PricingOptions, tx: Tx) => Promise<number>;
  /** Makes a version for later; `options` are those of today, with what is due. Throws OPTION_INVALID. */
  readonly schedule: (change: ScheduledPrices, options: PricingOptions, tx: Tx) => Promise<number>;
  /** The options that change with each of these versions; none for versions that were made for at once. */
  readonly scheduledOptions: (
    versions: readonly number[],
  ) => Promise<ReadonlyMap<number, readonly string[]>>;
  /** True when a scheduled version has come into force and the options do not say so yet. */
  readonly isDue: () => Promise<boolean>;
}

/** What {@link createPricePublisher} needs. */
export interface PricePublisherPorts {
  readonly books: Pick<PriceBooks, "publish" | "current">;
  readonly prices: Pick<PriceStore, "listTimes" | "find">;
  readonly clock: Pick<Clock, "nowMs">;
}

// More changes than anybody lets wait at a time.
const versionsMax = 200;

/** Reads the database for every publication, and for {@link PricePublisher.isDue} once a version. */
export function createPricePublisher(ports: PricePublisherPorts): PricePublisher {
  const { books, prices } = ports;
  /** Found to need nothing, so that its book is not read again and again. */
  let plainVersion = 0;
  return {
    due: async (tx) => readDue(ports, tx),
    async publish(options, tx) {
      const version = await books.publish({ options }, tx);
      const waiting = await readWaiting(ports, tx);
      await publishAll(ports, { changes: waiting, options, fromMs: 0 }, tx);
      return version;
    },
    async schedule(change, options, tx) {
      const waiting = await readWaiting(ports, tx);
      const same = waiting.find(({ effectiveAtMs }) => effectiveAtMs === change.effectiveAtMs);
      const merged = { ...change, options: { ...same?.options, ...change.options } };
      const changes = [...waiting.filter((other) => other !== same), merged].toSorted(
        (left, right) => left.effectiveAtMs - right.effectiveAtMs,
      );
      return publishAll(ports, { changes, options, fromMs: change.effectiveAtMs }, tx);
    },
    async scheduledOptions(versions) {
      const keys = new Map<number, readonly string[]>();
      for (const version of versions) {
        const stored = await prices.find(version);
        keys.set(version, Object.keys(stored?.scheduled ?? {}));
      }
      return keys;
    },
    async isDue() {
      const { version } = books.current();
      if (version === plainVersion) {
        return false;
      }
      // The database knows of a publication that this process has not read yet.
      const isDue = Object.keys(await readDue(ports)).length > 0;
      plainVersion = isDue ? plainVersion : version;
      return isDue;
    },
  };
}

type Reading = Pick<PricePublisherPorts, "prices" | "clock">;

/** The latest first; of versions of one time the highest counts. */
async function readVersions({ prices }: Reading, tx?: Tx): Promise<readonly VersionTime[]> {
  const timeline = priceTimeline(await prices.listTimes(versionsMax, tx));
  return timeline.versions.filter(
    ({ effectiveAtMs }, index, all) => all[index - 1]?.effectiveAtMs !== effectiveAtMs,
  );
}

async function readDue(ports: Reading, tx?: Tx): Promise<Readonly<Record<string, string>>> {
  const latestFirst: Readonly<Record<string, string>>[] = [];
  for (const { version, effectiveAtMs } of await readVersions(ports, tx)) {
    if (effectiveAtMs <= ports.clock.nowMs()) {
      const { scheduled = {} } = (await ports.prices.find(version, tx)) ?? {};
      if (Object.keys(scheduled).length === 0) {
        break;
      }
      latestFirst.push(scheduled);
    }
  }
  return Object.assign({}, ...latestFirst.toReversed());
}

async function readWaiting(ports: Reading, tx: Tx): Promise<readonly ScheduledPrices[]> {
  const waiting: ScheduledPrices[] = [];
  for (const { version, effectiveAtMs } of await readVersions(ports, tx)) {
    const isWaiting = effectiveAtMs > ports.clock.nowMs();
    const stored = isWaiting ? await ports.prices.find(version, tx) : undefined;
    if (stored !== undefined) {
      waiting.unshift({ effectiveAtMs, options: stored.scheduled });
    }
  }
  return waiting;
}

interface Republication {
  readonly changes: readonly ScheduledPrices[];
  /** As they are before all changes. */
  readonly options: PricingOptions;
  /** Changes before this moment are built upon, but stay as they are. */
  readonly fromMs: number;
}

/** Publishes changes, each on top of all before it. Answers the first version. */
async function publishAll(
  { books }: Pick<PricePublisherPorts, "books">,
  { changes, options, fromMs }: Republication,
  tx: Tx,
): Promise<number> {
  const values: { -readonly [Key in keyof PricingOptions]: string } = { ...options };
  let first = 0;
  for (const { effectiveAtMs, options: scheduled } of changes) {
    Object.assign(values, scheduled);
    if (effectiveAtMs >= fromMs) {
      const version = await books.publish({ options: values, effectiveAtMs, scheduled }, tx);
      first = first === 0 ? version : first;
    }
  }
  return first;
}
