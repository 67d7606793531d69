import type { Clock } from "@tollgate/kit/clock/clock";
import { fault } from "#domain/faults.ts";
import { costOf } from "#domain/rating.ts";
import type { Usage } from "#domain/usage.ts";
import { isFreeBasis } from "#domain/usage.ts";
import type { PriceBooks } from "#usecases/prices/price-books.ts";

/** A call as far as its price is concerned. */
export interface RatedCall {
  readonly requestId: Uint8Array;
  readonly userId: number;
  readonly username: string;
  readonly group: string;
  readonly model: string;
  readonly pricedModel: string;
  readonly channelType: number;
  readonly costNanos: bigint;
  readonly basis: number;
  readonly usage: Usage;
}

/** A stretch of the log, in the order of its key. */
export interface RatedCallQuery {
  readonly fromMs: number;
  readonly toMs: number;
  readonly userId: number | undefined;
  /** Rows behind this one; undefined = from the start. */
  readonly after: Uint8Array | undefined;
  readonly max: number;
}

/** The log, read for prices. */
export interface RatedCallReader {
  readonly read: (query: RatedCallQuery) => Promise<readonly RatedCall[]>;
  /** Rows of calls before this are no longer kept, milliseconds since 1970; 0 = all are. */
  readonly readFloor: () => Promise<number>;
}

/** What {@link createReRate} needs. */
export interface ReRatePorts {
  readonly calls: RatedCallReader;
  readonly books: Pick<PriceBooks, "get" | "priceOf">;
  readonly clock: Pick<Clock, "nowMs">;
}

/** Which calls, and the version to compare with. */
export interface ReRateOrder {
  readonly fromMs: number;
  readonly toMs: number;
  readonly version: number;
  readonly userId: number | undefined;
  readonly after: Uint8Array | undefined;
}

/** Calls of one user and model under two versions. */
export interface ReRatedCalls {
  readonly userId: number;
  /** As in the last of the rows. */
  username: string;
  readonly model: string;
  calls: number;
  billedNanos: bigint;
  /** Calls without a price in the version count as they were billed. */
  reRatedNanos: bigint;
  unpricedCalls: number;
}

/** One part of the answer. */
export interface ReRatedPart {
  readonly rows: readonly ReRatedCalls[];
  readonly calls: number;
  /** Where the next part begins; undefined = this was the last. */
  readonly after: Uint8Array | undefined;
  readonly logFromMs: number;
}

/** Rates calls anew and writes nothing. Throws PRICE_VERSION_UNKNOWN and REQUEST_INVALID. */
export type ReRate = (order: ReRateOrder) => Promise<ReRatedPart>;

const rowsPerPage = 1000;
// A part answers well within the deadline of whoever asks, and between two pages settlements get their turn.
const rowsPerPart = 50_000;
const partMs = 3000;
const windowMsMax = 400 * 86_400_000;

/** Each page is one short statement along the key; no transaction is open between two of them. */
export function createReRate({ calls, books, clock }: ReRatePorts): ReRate {
  return async (order) => {
    const { fromMs, toMs, version, userId } = order;
    if (fromMs >= toMs || toMs - fromMs > windowMsMax || version === 0) {
      throw fault("REQUEST_INVALID", {
        sentence: "The window must end after its start and be no longer than 400 days.",
      });
    }
    await books.get(version);
    const groups = new Map<string, ReRatedCalls>();
    const untilMs = clock.nowMs() + partMs;
    let { after } = order;
    let seen = 0;
    for (;;) {
      const page = await calls.read({ fromMs, toMs, userId, after, max: rowsPerPage });
      // Another reader may have pushed the book out of memory since the last page.
      await books.get(version);
      page.forEach((call) => add(groups, call, reRatedNanosOf(books, call, version)));
      seen += page.length;
      after = page.at(-1)?.requestId ?? after;
      const isLast = page.length < rowsPerPage;
      if (isLast || seen >= rowsPerPart || clock.nowMs() >= untilMs) {
        const logFromMs = await calls.readFloor();
        return {
          rows: [...groups.values()].toSorted(byUserAndModel),
          calls: seen,
          after: isLast ? undefined : after,
          logFromMs,
        };
      }
    }
  };
}

/** Undefined = the version has no price for it. */
function reRatedNanosOf(
  books: Pick<PriceBooks, "priceOf">,
  call: RatedCall,
  version: number,
): bigint | undefined {
  if (isFreeBasis(call.basis)) {
    return 0n;
  }
  const price = books.priceOf({ ...call, priceVersion: version });
  return price === undefined ? undefined : costOf(call.usage, price.price, price.multiplier);
}

function add(
  groups: Map<string, ReRatedCalls>,
  { userId, username, model, costNanos }: RatedCall,
  reRatedNanos: bigint | undefined,
): void {
  const key = `${userId}/${model}`;
  let group = groups.get(key);
  if (group === undefined) {
    group = {
      userId,
      username,
      model,
      calls: 0,
      billedNanos: 0n,
      reRatedNanos: 0n,
      unpricedCalls: 0,
    };
    groups.set(key, group);
  }
  group.username = username;
  group.calls += 1;
  group.billedNanos += costNanos;
  group.reRatedNanos += reRatedNanos ?? costNanos;
  group.unpricedCalls += reRatedNanos === undefined ? 1 : 0;
}

function byUserAndModel(left: ReRatedCalls, right: ReRatedCalls): number {
  return left.userId - right.userId || (left.model < right.model ? -1 : 1);
}
