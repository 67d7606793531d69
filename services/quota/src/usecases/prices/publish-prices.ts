import type { Clock } from "@tollgate/kit/clock/clock";
import type { Logger } from "@tollgate/kit/logging/logger";
import { fault } from "#domain/faults.ts";
import type { OptionKey, OptionValues } from "#domain/option.ts";
import { checkOptionKey, checkOptionValue, isPricingOption } from "#domain/option.ts";
import type { Changes } from "#usecases/changes.ts";
import type { OptionStore } from "#usecases/identity/identity-ports.ts";
import { mergeValues } from "#usecases/options/read-option.ts";
import type { ReadOption } from "#usecases/options/read-option.ts";
import type { Transactions } from "#usecases/transaction.ts";
import type { PricePublisher } from "./price-publisher.ts";

/** What {@link createPublishPrices} needs. */
export interface PublishPricesPorts {
  readonly transactions: Transactions;
  readonly store: Pick<OptionStore, "readAll" | "write">;
  readonly options: Pick<ReadOption, "refresh">;
  readonly initial: OptionValues;
  readonly changes: Pick<Changes, "notify" | "flush">;
  readonly pricing: PricePublisher;
  readonly clock: Pick<Clock, "nowMs">;
}

/** New values of pricing options. */
export interface PublishPricesInput {
  readonly options: Readonly<Record<string, string>>;
  /** 0 = at once. */
  readonly effectiveAtMs: number;
  /** 0 = the system. */
  readonly actorId: number;
}

/** Publishes; answers the version. Throws OPTION_UNKNOWN, OPTION_INVALID or EFFECTIVE_TIME_INVALID, and then nothing changes. */
export type PublishPrices = (input: PublishPricesInput) => Promise<number>;

const aheadMsMax = 366 * 86_400_000;
const dueEveryMs = 5000;

/** Changes all options together, or none. */
export function createPublishPrices(ports: PublishPricesPorts): PublishPrices {
  const { transactions, store, pricing, changes, clock } = ports;
  return async ({ options, effectiveAtMs, actorId }) => {
    const checked = checkOptions(options);
    const nowMs = clock.nowMs();
    if (effectiveAtMs < 0 || effectiveAtMs > nowMs + aheadMsMax) {
      throw fault("EFFECTIVE_TIME_INVALID");
    }
    const version = await transactions.run(async (tx) => {
      const due = await pricing.due(tx);
      if (effectiveAtMs > nowMs) {
        const today = { ...mergeValues(ports.initial, await store.readAll(tx)), ...due };
        return pricing.schedule({ effectiveAtMs, options: checked }, today, tx);
      }
      for (const [key, value] of Object.entries({ ...due, ...checked })) {
        await store.write({ key: checkOptionKey(key), value, actorId }, tx);
      }
      const values = mergeValues(ports.initial, await store.readAll(tx));
      const published = await pricing.publish(values, tx);
      await changes.notify({ isOptionChange: true }, tx);
      return published;
    });
    await ports.options.refresh();
    await changes.flush();
    return version;
  };
}

/** Lets the options follow scheduled versions that have come into force. Returns what stops it. */
export function startFollowingDuePrices(ports: {
  readonly pricing: Pick<PricePublisher, "isDue">;
  readonly publishPrices: PublishPrices;
  readonly clock: Pick<Clock, "setInterval">;
  readonly logger: Pick<Logger, "warn">;
}): () => void {
  let isFollowing = false;
  const follow = async (): Promise<void> => {
    isFollowing = true;
    try {
      if (await ports.pricing.isDue()) {
        await ports.publishPrices({ options: {}, effectiveAtMs: 0, actorId: 0 });
      }
    } catch (error) {
      // The prices are in force already; the next round tries again.
      ports.logger.warn({ err: error }, "options cannot follow the prices in force");
    } finally {
      isFollowing = false;
    }
  };
  const timer = ports.clock.setInterval(() => {
    if (!isFollowing) {
      void follow();
    }
  }, dueEveryMs);
  return () => {
    timer.cancel();
  };
}

function checkOptions(
  options: Readonly<Record<string, string>>,
): Readonly<Partial<Record<OptionKey, string>>> {
  const checked = Object.entries(options).map(([name, text]) => {
    const key = checkOptionKey(name);
    if (!isPricingOption(key)) {
      throw fault("OPTION_UNKNOWN", { metadata: { key } });
    }
    return [key, checkOptionValue(key, text)] as const;
  });
  return Object.fromEntries(checked);
}
