import type { EndedCall } from "#domain/journal-entry.ts";
import type { CallPricing } from "#domain/settle-call.ts";
import type { Changes } from "#usecases/changes.ts";
import type { AccountStore } from "#usecases/money-ports.ts";
import type { ChannelCosts } from "./channel-costs.ts";
import type { PriceBooks } from "./price-books.ts";

/** What {@link createPriceCalls} needs. */
export interface PriceCallsPorts {
  readonly books: Pick<PriceBooks, "load" | "priceOf" | "timeline">;
  readonly costs: Pick<ChannelCosts, "rateOf">;
  readonly accounts: Pick<AccountStore, "readUsernames" | "readKeyNames">;
  readonly changes: Pick<Changes, "subscribe">;
}

/** Brings the prices and names of calls into memory, so that settling them needs no further reading. */
export type PriceCalls = (calls: readonly EndedCall[]) => Promise<CallPricing>;

const namesMax = 50_000;

/** Keeps names for as long as nothing changes. */
export function createPriceCalls({ books, costs, accounts, changes }: PriceCallsPorts): PriceCalls {
  const usernames = createNames(accounts.readUsernames);
  const keyNames = createNames(accounts.readKeyNames);
  changes.subscribe(({ userIds = [], keyIds = [] }) => {
    usernames.forget(userIds);
    keyNames.forget(keyIds);
  });
  return async (calls) => {
    const versions = new Set<number>();
    for (const { priceVersion } of calls) {
      versions.add(priceVersion);
    }
    await books.load(versions);
    const usernameOf = await usernames.read(calls.map(({ userId }) => userId));
    const keyNameOf = await keyNames.read(calls.map(({ keyId }) => keyId));
    return {
      priceOf: books.priceOf,
      supersededAtMs: books.timeline().supersededAtMs,
      upstreamRate: costs.rateOf,
      usernameOf,
      keyNameOf,
    };
  };
}

interface Names {
  /** Answers a reader of these ids' names; "" for an id without a row. */
  read(ids: readonly number[]): Promise<(id: number) => string>;
  forget(ids: readonly number[]): void;
}

function createNames(
  readMany: (ids: readonly number[]) => Promise<ReadonlyMap<number, string>>,
): Names {
  const known = new Map<number, string>();
  return {
    async read(ids) {
      const missing = [...new Set(ids)].filter((id) => !known.has(id));
      if (missing.length > 0) {
        const found = await readMany(missing);
        if (known.size + missing.length > namesMax) {
          known.clear();
          return this.read(ids);
        }
        for (const id of missing) {
          known.set(id, found.get(id) ?? "");
        }
      }
      return (id) => known.get(id) ?? "";
    },
    forget(ids) {
      for (const id of ids) {
        known.delete(id);
      }
    },
  };
}
