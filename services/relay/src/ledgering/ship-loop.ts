import type { Clock, Timer } from "@tollgate/kit/clock/clock";
import type { Logger } from "@tollgate/kit/logging/logger";
import type { Journal } from "#ledgering/journal.ts";

export interface ShipPorts {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Sends records; answers the high-water mark. */
  readonly send: (
    fromSeq: number,
    records: readonly Uint8Array[],
  ) => Promise<{ readonly hwm: number; readonly costMismatches: number }>;
  /** Told every high-water mark, also one that goes backwards. */
  readonly onAcknowledged: (hwm: number) => void;
}

/** Hands durable records to quota, in order, one batch under way at a time. */
export interface ShipLoop {
  /** A session is open: goes on from quota's mark. */
  readonly start: (hwm: number) => void;
  readonly stop: () => void;
  /** First record that quota has not applied, as far as is known. */
  readonly hwm: () => number;
  /** True while quota's mark is below one it once had: it lost commits, and what it knows of leases is old. */
  readonly isHealing: () => boolean;
  /** Resolves when quota has applied the record. */
  readonly shipped: (seq: number) => Promise<void>;
}

const batchRecordsMax = 500;
const batchEveryMs = 50;
const fullBatchEveryMs = 20;
const retryMs = 500;

export function createShipLoop(ports: ShipPorts): ShipLoop {
  const { journal, clock, logger } = ports;
  let hwm = 0;
  let highest = 0;
  let isRunning = false;
  let isSending = false;
  let timer: Timer | undefined;
  let lastSentAtMs = Number.NEGATIVE_INFINITY;
  let waiters: { readonly seq: number; readonly resolve: () => void }[] = [];

  const acknowledge = (mark: number): void => {
    hwm = mark;
    highest = Math.max(highest, mark);
    journal.acknowledge(mark);
    ports.onAcknowledged(mark);
    const ready = waiters.filter(({ seq }) => seq < mark);
    waiters = waiters.filter(({ seq }) => seq >= mark);
    for (const { resolve } of ready) {
      resolve();
    }
  };

  const schedule = (): void => {
    const backlog = journal.durableSeq() - hwm;
    if (!isRunning || isSending || timer !== undefined || backlog <= 0) {
      return;
    }
    const everyMs = backlog >= batchRecordsMax ? fullBatchEveryMs : batchEveryMs;
    const waitMs = Math.max(0, lastSentAtMs + everyMs - clock.monotonicMs());
    arm(waitMs);
  };

  const arm = (waitMs: number): void => {
    timer = clock.setTimeout(() => {
      timer = undefined;
      void send();
    }, waitMs);
  };

  const send = async (): Promise<void> => {
    isSending = true;
    lastSentAtMs = clock.monotonicMs();
    try {
      const fromSeq = hwm;
      const records = await journal.read(fromSeq, batchRecordsMax);
      const answer = await ports.send(fromSeq, records);
      if (answer.costMismatches > 0) {
        logger.error({ fromSeq, mismatches: answer.costMismatches }, "costs differ from quota's");
      }
      if (isRunning) {
        acknowledge(answer.hwm);
      }
      isSending = false;
      schedule();
    } catch (error) {
      // The records stay where they are; the next try, or the next session, sends them again.
      logger.warn({ err: error, fromSeq: hwm }, "shipping failed");
      isSending = false;
      if (isRunning) {
        arm(retryMs);
      }
    }
  };

  journal.onDurable(schedule);
  return {
    start: (mark) => {
      isRunning = true;
      acknowledge(mark);
      schedule();
    },
    stop: () => {
      isRunning = false;
      timer?.cancel();
      timer = undefined;
    },
    hwm: () => hwm,
    isHealing: () => hwm < highest,
    shipped: async (seq) =>
      new Promise((resolve) => {
        if (seq < hwm) {
          resolve();
        } else {
          waiters.push({ seq, resolve });
        }
      }),
  };
}
