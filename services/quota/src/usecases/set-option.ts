import type { OptionKey, OptionValues } from "#domain/option.ts";
import { checkOptionKey, checkOptionValue, isPricingOption } from "#domain/option.ts";
import type { Changes } from "./changes.ts";
import type { OptionStore } from "./identity-ports.ts";
import { mergeValues } from "./read-option.ts";
import type { ReadOption } from "./read-option.ts";
import type { Transactions, Tx } from "./transaction.ts";

/** What {@link createSetOption} needs. */
export interface SetOptionPorts {
  readonly transactions: Transactions;
  readonly store: Pick<OptionStore, "readAll" | "write">;
  readonly options: Pick<ReadOption, "refresh">;
  readonly initial: OptionValues;
  readonly changes: Pick<Changes, "notify" | "flush">;
  /** Makes the price book that the options describe, in the transaction of the change. */
  readonly publishPrices: (values: OptionValues, tx: Tx) => Promise<void>;
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
    await ports.transactions.run(async (tx) => {
      await ports.store.write({ key, value, actorId: input.actorId }, tx);
      if (isPricingOption(key)) {
        const stored = await ports.store.readAll(tx);
        await ports.publishPrices(mergeValues(ports.initial, stored), tx);
      }
      await ports.changes.notify({ isOptionChange: true }, tx);
    });
    await ports.options.refresh();
    await ports.changes.flush();
    return key;
  };
}
