/**
 * `Idempotency-Key`: a second call with a key that was used is not made but told of the first one. A key belongs to one API key of a
 * caller, and stands for its first call until that has failed without being billed, or for a day.
 */
import { createHash } from "node:crypto";
import type { Clock } from "@tollgate/kit/clock/clock";
import { relayFaults } from "#pipeline/relay-faults.ts";

/** What the first call with a key holds. */
export interface IdempotencyClaim {
  /** Stands for the key, 16 bytes. */
  readonly hash: Uint8Array;
  /** The call is over: the key is free again if nothing is billed. Later calls of this change nothing. */
  readonly end: (isBilled: boolean) => void;
}

export interface IdempotencyKeys {
  /** Takes the key for a call. Rejects with the fault for the caller if it is used, unusable, or not yet known. */
  readonly claim: (use: {
    readonly keyId: number;
    readonly key: string;
    readonly requestId: string;
  }) => Promise<IdempotencyClaim>;
  /** A call of an earlier process that was billed. */
  readonly restore: (call: {
    readonly hash: Uint8Array;
    readonly requestId: string;
    readonly startedAtMs: number;
  }) => void;
  /** Every call of earlier processes was told: until then nobody knows whether a key is free. */
  readonly markRestored: () => void;
}

export interface IdempotencyOptions {
  readonly clock: Clock;
  /** Keys that are remembered; the one that was not used for the longest time is forgotten first. */
  readonly countMax: number;
  /** How long a key is remembered. */
  readonly keptMs: number;
  /** How long a call waits for {@link IdempotencyKeys.markRestored}. */
  readonly waitMs: number;
}

interface Entry {
  readonly requestId: string;
  readonly startedAtMs: number;
  isRunning: boolean;
}

const keyCharsMax = 255;
const hashBytes = 16;

export function createIdempotencyKeys(options: IdempotencyOptions): IdempotencyKeys {
  const { clock } = options;
  const entries = createEntries(options);
  const restored = Promise.withResolvers<void>();
  let isRestored = false;
  return {
    claim: async ({ keyId, key, requestId }) => {
      if (key === "" || key.length > keyCharsMax) {
        throw relayFaults.fault("IDEMPOTENCY_KEY_INVALID");
      }
      if (!isRestored) {
        await waitFor(restored.promise, options);
      }
      const hash = hashOf(keyId, key);
      const name = hash.toString("latin1");
      const first = entries.find(name);
      if (first !== undefined) {
        throw usedFault(first);
      }
      const entry: Entry = { requestId, startedAtMs: clock.nowMs(), isRunning: true };
      entries.put(name, entry);
      return {
        hash,
        end: (isBilled) => {
          if (entry.isRunning && !isBilled) {
            entries.remove(name, entry);
          }
          entry.isRunning = false;
        },
      };
    },
    restore: ({ hash, requestId, startedAtMs }) => {
      const name = Buffer.from(hash).toString("latin1");
      if (entries.find(name) === undefined) {
        entries.put(name, { requestId, startedAtMs, isRunning: false });
      }
    },
    markRestored: () => {
      isRestored = true;
      restored.resolve();
    },
  };
}

/** Entries in the order of their last use. */
function createEntries({ clock, countMax, keptMs }: IdempotencyOptions): {
  readonly find: (name: string) => Entry | undefined;
  readonly put: (name: string, entry: Entry) => void;
  readonly remove: (name: string, entry: Entry) => void;
} {
  const entries = new Map<string, Entry>();
  return {
    find: (name) => {
      const entry = entries.get(name);
      entries.delete(name);
      const isOld = entry?.isRunning === false && clock.nowMs() - entry.startedAtMs > keptMs;
      if (entry === undefined || isOld) {
        return undefined;
      }
      entries.set(name, entry);
      return entry;
    },
    put: (name, entry) => {
      entries.set(name, entry);
      const [oldest] = entries.keys();
      if (entries.size > countMax && oldest !== undefined) {
        entries.delete(oldest);
      }
    },
    remove: (name, entry) => {
      if (entries.get(name) === entry) {
        entries.delete(name);
      }
    },
  };
}

function hashOf(keyId: number, key: string): Buffer {
  return createHash("sha256").update(`${keyId}\n${key}`).digest().subarray(0, hashBytes);
}

function usedFault({ requestId, isRunning }: Entry): Error {
  const metadata = { firstRequestId: requestId };
  return isRunning
    ? relayFaults.fault("IDEMPOTENCY_KEY_IN_USE", {
        sentence: `The first call with this Idempotency-Key is still running: ${requestId}.`,
        metadata,
      })
    : relayFaults.fault("IDEMPOTENCY_KEY_REUSED", {
        sentence: `This Idempotency-Key was used for call ${requestId}.`,
        metadata,
      });
}

async function waitFor(
  restored: Promise<void>,
  { clock, waitMs }: IdempotencyOptions,
): Promise<void> {
  const expired = Promise.withResolvers<never>();
  const timer = clock.setTimeout(() => {
    const sentence = "It is not known yet whether this Idempotency-Key was used. Please try again.";
    expired.reject(relayFaults.fault("NOT_READY", { sentence }));
  }, waitMs);
  try {
    await Promise.race([restored, expired.promise]);
  } finally {
    timer.cancel();
  }
}
