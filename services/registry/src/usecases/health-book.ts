/**
 * What relays reported lately, in memory: calls of the last hour, cooling down, and money that is not yet in the database. The
 * money is for the channel's statistics only; the ledger is quota's.
 */
import type { Clock } from "@tollgate/kit/clock/clock";
import { addCalls, countCalls, createCallWindow } from "#domain/call-window.ts";
import type { CallWindow } from "#domain/call-window.ts";
import type { ChannelOutcome } from "#domain/channel-health.ts";
import { limits } from "#domain/limits.ts";

/** What is known of a channel beside what is stored. */
export interface ChannelHealth {
  readonly requestsLastHour: number;
  readonly successesLastHour: number;
  /** Milliseconds since 1970, 0 = it is not cooling down. */
  readonly coolingUntilMs: number;
  /** Charged, but not yet in the database. */
  readonly unsavedNanos: bigint;
}

/** The book. */
export interface HealthBook {
  /** False when this report was here already. */
  readonly remember: (requestId: string) => boolean;
  readonly add: (outcome: ChannelOutcome) => void;
  readonly read: (channelId: number) => ChannelHealth;
  /** Hands out the unsaved money; it stays in the book until {@link endSaving}. One saving at a time. */
  readonly beginSaving: () => ReadonlyMap<number, bigint>;
  readonly endSaving: (isSaved: boolean) => void;
  /** Forgets channels that are gone. */
  readonly forget: (channelIds: readonly number[]) => void;
}

/** Makes an empty book. */
export function createHealthBook(clock: Pick<Clock, "nowMs">): HealthBook {
  const windows = new Map<number, CallWindow>();
  const cooling = new Map<number, number>();
  const requestIds = new Set<string>();
  const money = createUnsavedMoney();
  return {
    remember: (requestId) => {
      if (requestIds.has(requestId)) {
        return false;
      }
      requestIds.add(requestId);
      forgetOldest(requestIds, limits.rememberedRequestIds);
      return true;
    },
    add: (outcome) => {
      const nowMs = clock.nowMs();
      const window = windows.get(outcome.channelId) ?? createCallWindow(nowMs);
      windows.set(outcome.channelId, window);
      addCalls(window, outcome, nowMs);
      cooling.set(outcome.channelId, outcome.coolingUntilMs);
      money.add(outcome.channelId, outcome.chargedNanos);
    },
    read: (id) => {
      const nowMs = clock.nowMs();
      const window = windows.get(id);
      const counts = window === undefined ? noCalls : countCalls(window, nowMs);
      const coolingUntilMs = cooling.get(id) ?? 0;
      return {
        requestsLastHour: counts.requests,
        successesLastHour: counts.successes,
        coolingUntilMs: coolingUntilMs > nowMs ? coolingUntilMs : 0,
        unsavedNanos: money.of(id),
      };
    },
    beginSaving: money.beginSaving,
    endSaving: money.endSaving,
    forget: (ids) => {
      for (const id of ids) {
        windows.delete(id);
        cooling.delete(id);
        money.forget(id);
      }
    },
  };
}

interface UnsavedMoney extends Pick<HealthBook, "beginSaving" | "endSaving"> {
  readonly add: (channelId: number, nanos: bigint) => void;
  readonly of: (channelId: number) => bigint;
  readonly forget: (channelId: number) => void;
}

function createUnsavedMoney(): UnsavedMoney {
  let unsaved = new Map<number, bigint>();
  let saving = new Map<number, bigint>();
  const add = (id: number, nanos: bigint): void => {
    if (nanos !== 0n) {
      unsaved.set(id, (unsaved.get(id) ?? 0n) + nanos);
    }
  };
  return {
    add,
    of: (id) => (unsaved.get(id) ?? 0n) + (saving.get(id) ?? 0n),
    beginSaving: () => {
      saving = unsaved;
      unsaved = new Map();
      return saving;
    },
    endSaving: (isSaved) => {
      const ended = saving;
      saving = new Map();
      if (!isSaved) {
        ended.forEach((nanos, id) => add(id, nanos));
      }
    },
    forget: (id) => {
      unsaved.delete(id);
      saving.delete(id);
    },
  };
}

const noCalls = Object.freeze({ requests: 0, successes: 0 });

function forgetOldest(ids: Set<string>, max: number): void {
  for (const id of ids) {
    if (ids.size <= max) {
      return;
    }
    ids.delete(id);
  }
}
