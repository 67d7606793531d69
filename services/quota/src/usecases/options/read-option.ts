import type { Clock, Timer } from "@tollgate/kit/clock/clock";
import type { Logger } from "@tollgate/kit/logging/logger";
import { quotaUnitsToNano } from "@tollgate/kit/money/nano-usd";
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import { isOptionKey } from "#domain/option.ts";
import type { OptionKey, OptionValues } from "#domain/option.ts";
import type { Changes } from "#usecases/changes.ts";
import type { OptionStore, StoredOptions } from "#usecases/identity/identity-ports.ts";

/** The options, from memory: at most a second older than the database. */
export interface ReadOption {
  readonly text: (key: OptionKey) => string;
  readonly flag: (key: OptionKey) => boolean;
  /** An amount that the option states in quota units. */
  readonly amount: (key: OptionKey) => NanoUsd;
  readonly all: () => OptionValues;
  /** Reads the database now. */
  readonly refresh: () => Promise<void>;
  /** Calls the listener after any value changed. Listeners must not throw. Returns what ends the subscription. */
  readonly onChange: (listener: (values: OptionValues) => void) => () => void;
  readonly close: () => void;
}

/** What {@link openReadOption} needs. */
export interface ReadOptionPorts {
  readonly store: Pick<OptionStore, "readAll" | "readRevision">;
  /** The value of every option that was never set. */
  readonly initial: OptionValues;
  readonly changes: Pick<Changes, "subscribe">;
  readonly clock: Pick<Clock, "setInterval">;
  readonly logger: Pick<Logger, "warn">;
}

const pollMs = 1000;

/** Reads the options once, then follows their changes by any replica. */
export async function openReadOption(ports: ReadOptionPorts): Promise<ReadOption> {
  const { store, initial, clock, changes, logger } = ports;
  let stored = await store.readAll();
  let values = mergeValues(initial, stored);
  const listeners = new Set<(values: OptionValues) => void>();

  const refresh = async (): Promise<void> => {
    const latest = await store.readAll();
    if (latest.revision <= stored.revision) {
      return;
    }
    stored = latest;
    values = mergeValues(initial, latest);
    for (const listener of listeners) {
      listener(values);
    }
  };
  const refreshIfChanged = async (): Promise<void> => {
    try {
      if ((await store.readRevision()) > stored.revision) {
        await refresh();
      }
    } catch (error) {
      // The values in memory stay in force; the next poll tries again.
      logger.warn({ err: error }, "options cannot be read");
    }
  };
  const timer: Timer = clock.setInterval(() => void refreshIfChanged(), pollMs);
  const unsubscribe = changes.subscribe((change) => {
    if (change.isOptionChange === true) {
      void refreshIfChanged();
    }
  });

  return {
    text: (key) => values[key],
    flag: (key) => values[key] === "true",
    amount: (key) => quotaUnitsToNano(BigInt(values[key])),
    all: () => values,
    refresh,
    onChange: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    close: () => {
      timer.cancel();
      unsubscribe();
      listeners.clear();
    },
  };
}

/** Defaults overlaid with what is stored. Stored options of a newer version are ignored. */
export function mergeValues(initial: OptionValues, stored: StoredOptions): OptionValues {
  const known = [...stored.values].filter(([key]) => isOptionKey(key));
  return Object.freeze({ ...initial, ...Object.fromEntries(known) });
}
