import type { OptionKey } from "#domain/option.ts";
import { checkOptionKey, checkOptionValue, isPricingOption } from "#domain/option.ts";
import type { Changes } from "#usecases/changes.ts";
import type { OptionStore } from "#usecases/identity/identity-ports.ts";
import type { PublishPrices } from "#usecases/prices/publish-prices.ts";
import type { Transactions } from "#usecases/transaction.ts";
import type { ReadOption } from "./read-option.ts";

/** What {@link createSetOption} needs. */
export interface SetOptionPorts {
  readonly transactions: Transactions;
  readonly store: Pick<OptionStore, "write">;
  readonly options: Pick<ReadOption, "refresh">;
  readonly changes: Pick<Changes, "notify" | "flush">;
  /** Makes the price book that the options describe, in the transaction of their change. */
  readonly publishPrices: PublishPrices;
}

/** A new value for an option. */
export interface SetOptionInput {
  readonly key: string;
  readonly value: string;
  /** 0 = the system. */
  readonly actorId: number;
}

/** Checks and stores one option. */
export type SetOption = (input: SetOptionInput) => Promise<OptionKey>;

/** Throws OPTION_UNKNOWN or OPTION_INVALID, and then nothing is stored. */
export function createSetOption(ports: SetOptionPorts): SetOption {
  return async (input) => {
    const key = checkOptionKey(input.key);
    const value = checkOptionValue(key, input.value);
    const { actorId } = input;
    if (isPricingOption(key)) {
      await ports.publishPrices({ options: { [key]: value }, effectiveAtMs: 0, actorId });
      return key;
    }
    await ports.transactions.run(async (tx) => {
      await ports.store.write({ key, value, actorId }, tx);
      await ports.changes.notify({ isOptionChange: true }, tx);
    });
    await ports.options.refresh();
    await ports.changes.flush();
    return key;
  };
}
