import type { Clock, Timer } from "@tollgate/kit/clock/clock";
import type { Logger } from "@tollgate/kit/logging/logger";
import type { HealthBook } from "./health-book.ts";
import type { ChannelStore } from "./ports.ts";

/** What saving needs. */
export interface SaveUsedMoneyPorts {
  readonly channels: Pick<ChannelStore, "addUsed">;
  readonly health: Pick<HealthBook, "beginSaving" | "endSaving">;
  readonly clock: Pick<Clock, "setTimeout">;
  readonly logger: Pick<Logger, "warn">;
}

/** A running saver. */
export interface UsedMoneySaver {
  /** Saves what is left and ends. */
  readonly close: () => Promise<void>;
}

/** How often the money charged through channels goes to the database. */
const saveEveryMs = 5000;

/** Saves the money in the book at regular times; what could not be saved is tried again the next time. */
export function startSavingUsedMoney(ports: SaveUsedMoneyPorts): UsedMoneySaver {
  const { channels, health, clock, logger } = ports;
  let timer: Timer | undefined;
  let isClosed = false;
  let underWay: Promise<void> = Promise.resolve();
  const save = async (): Promise<void> => {
    const unsaved = health.beginSaving();
    if (unsaved.size === 0) {
      return;
    }
    try {
      await channels.addUsed(unsaved);
      health.endSaving(true);
    } catch (error) {
      // Compensates: the transaction was rolled back, the money is saved the next time.
      health.endSaving(false);
      logger.warn({ err: error, channels: unsaved.size }, "used money not saved");
    }
  };
  const schedule = (): void => {
    timer = clock.setTimeout(() => {
      underWay = save().then(() => {
        if (!isClosed) {
          schedule();
        }
        return undefined;
      });
    }, saveEveryMs);
  };
  schedule();
  return {
    close: async () => {
      isClosed = true;
      timer?.cancel();
      await underWay;
      await save();
    },
  };
}
