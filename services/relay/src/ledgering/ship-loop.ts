import type { Clock, Timer } from "@tollgate/kit/clock/clock";
import type { Logger } from "@tollgate/kit/logging/logger";
import type { Journal } from "#ledgering/journal.ts";

export interface ShipPorts {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Sends records, `undefined` = left out; answers the high-water mark. */
  readonly send: (
    fromSeq: number,
    records: readonly (Uint8Array | undefined)[],
  ) => Promise<{ readonly hwm: number; readonly costMismatches: number }>;
  /** Told every high-water mark, also one that goes backwards. */
  readonly onAcknowledged: (hwm: number) => void;
}

const batchRecordsMax = 1000;
// A settlement costs what a dozen statements cost, whatever the number of its calls.
const batchEveryMs = 100;
const fullBatchEveryMs = 20;
// Somebody waits for a record to be applied.
const awaitedBatchEveryMs = 5;
const retryMs = 500;

interface Waiter {
  readonly seq: number;
  readonly resolve: () => void;
}

/** Hands durable records to quota, in order, one batch under way at a time. */
export class ShipLoop {
  readonly #ports: ShipPorts;
  #hwm = 0;
  #highest = 0;
  #isRunning = false;
  #isSending = false;
  #timer: Timer | undefined;
  #lastSentAtMs = Number.NEGATIVE_INFINITY;
  #lastFailedAtMs = Number.NEGATIVE_INFINITY;
  #waiters: Waiter[] = [];

  constructor(ports: ShipPorts) {
    this.#ports = ports;
    ports.journal.onDurable(() => this.#schedule());
  }

  /** First record that quota has not applied, as far as is known. */
  get hwm(): number {
    return this.#hwm;
  }

  /** True while quota's mark is below one it once had: it lost commits, and what it knows of leases is old. */
  get isHealing(): boolean {
    return this.#hwm < this.#highest;
  }

  /** A session is open: goes on from quota's mark. */
  start(hwm: number): void {
    this.#isRunning = true;
    this.#acknowledge(hwm);
    this.#schedule();
  }

  stop(): void {
    this.#isRunning = false;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** Resolves when quota has applied the record. */
  async shipped(seq: number): Promise<void> {
    return new Promise((resolve) => {
      if (seq < this.#hwm) {
        resolve();
      } else {
        this.#waiters.push({ seq, resolve });
        this.#hurry();
      }
    });
  }

  #acknowledge(hwm: number): void {
    this.#hwm = hwm;
    this.#highest = Math.max(this.#highest, hwm);
    this.#ports.journal.acknowledge(hwm);
    this.#ports.onAcknowledged(hwm);
    if (this.#waiters.length > 0) {
      const ready = this.#waiters.filter(({ seq }) => seq < hwm);
      this.#waiters = this.#waiters.filter(({ seq }) => seq >= hwm);
      for (const { resolve } of ready) {
        resolve();
      }
    }
  }

  /** A batch that was to wait for company leaves now. */
  #hurry(): void {
    if (this.#timer !== undefined && this.#lastSentAtMs > this.#lastFailedAtMs) {
      this.#timer.cancel();
      this.#timer = undefined;
      this.#schedule();
    }
  }

  #schedule(): void {
    const { journal, clock } = this.#ports;
    const backlog = journal.durableSeq() - this.#hwm;
    const isIdle = this.#isRunning && !this.#isSending && this.#timer === undefined;
    if (isIdle && backlog > 0) {
      const everyMs = this.#batchEveryMs(backlog);
      this.#arm(Math.max(0, this.#lastSentAtMs + everyMs - clock.monotonicMs()));
    }
  }

  #batchEveryMs(backlog: number): number {
    if (this.#waiters.length > 0) {
      return awaitedBatchEveryMs;
    }
    return backlog >= batchRecordsMax ? fullBatchEveryMs : batchEveryMs;
  }

  #arm(waitMs: number): void {
    this.#timer = this.#ports.clock.setTimeout(() => {
      this.#timer = undefined;
      void this.#send();
    }, waitMs);
  }

  async #send(): Promise<void> {
    const { journal, clock, logger, send } = this.#ports;
    this.#isSending = true;
    this.#lastSentAtMs = clock.monotonicMs();
    const fromSeq = this.#hwm;
    try {
      const answer = await send(fromSeq, await journal.read(fromSeq, batchRecordsMax));
      if (answer.costMismatches > 0) {
        logger.error({ fromSeq, mismatches: answer.costMismatches }, "costs differ from quota's");
      }
      this.#isSending = false;
      if (this.#isRunning) {
        this.#acknowledge(answer.hwm);
      }
      this.#schedule();
    } catch (error) {
      // The records stay where they are; the next try, or the next session, sends them again.
      logger.warn({ err: error, fromSeq }, "shipping failed");
      this.#isSending = false;
      this.#lastFailedAtMs = clock.monotonicMs();
      if (this.#isRunning && this.#timer === undefined) {
        this.#arm(retryMs);
      }
    }
  }
}
