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
  readonly upstreamCostNanos: bigint;
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
      const { userId, keyId, model, channelId } = call;
      const atSeconds = floorTo(Math.floor(call.createdAtMs / 1000), hourSeconds);
      const total = totalFor(byHour, { userId, atSeconds, keyId, model, channelId });
      total.requests += 1;
      total.errors += call.errorReason === "" ? 0 : 1;
      total.costNanos += call.costNanos;
      total.upstreamCostNanos += call.upstreamCostNanos;
      total.promptTokens += call.promptTokens;
      total.completionTokens += call.completionTokens;
      total.cachedTokens += call.usage.cacheReadTokens;
    },
    hours: () => inKeyOrder(byHour),
    days() {
      const byDay = new Map<string, MutableTotal>();
      for (const total of byHour.values()) {
        const atSeconds = floorTo(total.atSeconds, daySeconds);
        const day = totalFor(byDay, { ...total, atSeconds });
        day.requests += total.requests;
        day.errors += total.errors;
        day.costNanos += total.costNanos;
        day.upstreamCostNanos += total.upstreamCostNanos;
        day.promptTokens += total.promptTokens;
        day.completionTokens += total.completionTokens;
        day.cachedTokens += total.cachedTokens;
      }
      return inKeyOrder(byDay);
    },
  };
}

type TotalKey = Pick<UsageTotal, "userId" | "atSeconds" | "keyId" | "model" | "channelId">;

/** The sum of this key; it starts at nothing. */
function totalFor(totals: Map<string, MutableTotal>, key: TotalKey): MutableTotal {
  const { userId, atSeconds, keyId, model, channelId } = key;
  const text = `${userId}/${atSeconds}/${keyId}/${channelId}/${model}`;
  let total = totals.get(text);
  if (total === undefined) {
    const nothing = { requests: 0, errors: 0, costNanos: 0n, upstreamCostNanos: 0n };
    const noTokens = { promptTokens: 0, completionTokens: 0, cachedTokens: 0 };
    total = { userId, atSeconds, keyId, model, channelId, ...nothing, ...noTokens };
    totals.set(text, total);
  }
  return total;
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
