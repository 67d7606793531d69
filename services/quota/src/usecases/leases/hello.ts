import type { Clock } from "@tollgate/kit/clock/clock";
import type { JournalStore } from "#usecases/money-ports.ts";
import type { Transactions } from "#usecases/transaction.ts";

/** Who opens a session. */
export interface HelloInput {
  /** 16 bytes. */
  readonly journalId: Uint8Array;
  /** At least 1. */
  readonly epoch: number;
  readonly nodeName: string;
  readonly build: string;
}

/** Where the relay goes on. */
export interface HelloOutcome {
  /** First record that is not applied; may be lower than an earlier answer. */
  readonly hwm: number;
  readonly databaseTimeline: string;
  readonly serverClockMs: number;
  /** Above the sent one: the sender is fenced. */
  readonly currentEpoch: number;
  readonly admissionTtlSeconds: number;
}

/** What {@link createHello} needs. */
export interface HelloPorts {
  readonly transactions: Transactions;
  readonly journals: Pick<JournalStore, "open" | "begin" | "readTimeline">;
  readonly clock: Pick<Clock, "nowMs">;
  readonly admissionTtlSeconds: number;
}

/** Registers an epoch. From its commit on, lower epochs can hold no new money. */
export type Hello = (input: HelloInput) => Promise<HelloOutcome>;

/** Saying hello twice changes nothing the second time. */
export function createHello(ports: HelloPorts): Hello {
  const { transactions, journals, clock, admissionTtlSeconds } = ports;
  return async ({ epoch, ...identity }) => {
    const nowMs = clock.nowMs();
    const visit = { ...identity, atMs: nowMs };
    const databaseTimeline = await journals.readTimeline();
    const journal = await transactions.run(async (tx) => {
      const stored = await journals.open(visit, tx);
      if (epoch > stored.epoch) {
        await journals.begin(visit, epoch, tx);
      }
      return stored;
    });
    return {
      hwm: journal.hwm,
      databaseTimeline,
      serverClockMs: nowMs,
      currentEpoch: Math.max(epoch, journal.epoch),
      admissionTtlSeconds,
    };
  };
}
