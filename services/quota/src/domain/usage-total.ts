/** Sums of usage by hour and day, for the roll-ups that are written with the rows they sum up. */
import type { SettledCall } from "./settled-call.ts";

/** The sum of one user, key, model and channel over one hour or day (UTC). */
export interface UsageTotal {
  readonly userId: number;
  /** Seconds since 1970. */
  readonly atSeconds: number;
  readonly keyId: number;
  readonly model: string;
  readonly channelId: number;
  readonly requests: number;
  /** Calls with an error reason. */
  readonly errors: number;
  readonly costNanos: bigint;
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Tokens read from a prompt cache. */
  readonly cachedTokens: number;
}

/** Adds up rows. */
export interface UsageTotals {
  readonly add: (call: SettledCall) => void;
  /** In the order of their keys, so that all transactions lock them in the same order. */
  readonly hours: () => readonly UsageTotal[];
  readonly days: () => readonly UsageTotal[];
}

type MutableTotal = { -readonly [Field in keyof UsageTotal]: UsageTotal[Field] };

const hourSeconds = 3600;
const daySeconds = 86_400;

/** Starts at nothing. */
export function createUsageTotals(): UsageTotals {
  const byHour = new Map<string, MutableTotal>();
  return {
    add(call) {
      const atSeconds = floorTo(Math.floor(call.createdAtMs / 1000), hourSeconds);
      mergeInto(byHour, {
        userId: call.userId,
        atSeconds,
        keyId: call.keyId,
        model: call.model,
        channelId: call.channelId,
        requests: 1,
        errors: call.errorReason === "" ? 0 : 1,
        costNanos: call.costNanos,
        promptTokens: call.promptTokens,
        completionTokens: call.completionTokens,
        cachedTokens: call.usage.cacheReadTokens,
      });
    },
    hours: () => inKeyOrder(byHour),
    days() {
      const byDay = new Map<string, MutableTotal>();
      for (const total of byHour.values()) {
        mergeInto(byDay, { ...total, atSeconds: floorTo(total.atSeconds, daySeconds) });
      }
      return inKeyOrder(byDay);
    },
  };
}

function mergeInto(totals: Map<string, MutableTotal>, part: MutableTotal): void {
  const key = `${part.userId}/${part.atSeconds}/${part.keyId}/${part.channelId}/${part.model}`;
  const total = totals.get(key);
  if (total === undefined) {
    totals.set(key, part);
    return;
  }
  total.requests += part.requests;
  total.errors += part.errors;
  total.costNanos += part.costNanos;
  total.promptTokens += part.promptTokens;
  total.completionTokens += part.completionTokens;
  total.cachedTokens += part.cachedTokens;
}

function inKeyOrder(totals: ReadonlyMap<string, UsageTotal>): readonly UsageTotal[] {
  return [...totals.values()].sort(
    (left, right) =>
      left.userId - right.userId ||
      left.atSeconds - right.atSeconds ||
      left.keyId - right.keyId ||
      compareTexts(left.model, right.model) ||
      left.channelId - right.channelId,
  );
}

function compareTexts(left: string, right: string): number {
  if (left === right) {
    return 0;
  }
  return left < right ? -1 : 1;
}

function floorTo(seconds: number, step: number): number {
  return seconds - (seconds % step);
}
