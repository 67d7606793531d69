/**
 * How far back the log of calls goes. A call is refused a second time by the log's key, so a call that is older than the log cannot be
 * posted any more: nobody could tell whether it was.
 */

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The fewest days that the log may be kept: a relay sends what its journal holds for three days, a day more for clocks and outages. */
export const keptDaysMin = 4;

// Only older calls can be below the floor, so that others are not looked at twice. Far from both: the shortest time that the
// log is kept, and the time that a call takes.
const surelyKeptMs = 48 * hourMs;

/** The start of the day (UTC) that a moment is in. */
export function startOfDay(timeMs: number): number {
  return timeMs - (timeMs % dayMs);
}

/** The start of the day that is `days` later. */
export function daysLater(timeMs: number, days: number): number {
  return startOfDay(timeMs) + days * dayMs;
}

/** The first moment of the days that are kept; 0 = everything is. */
export function floorOf(nowMs: number, keptDays: number): number {
  return keptDays === 0 ? 0 : Math.max(0, daysLater(nowMs, -Math.max(keptDays, keptDaysMin)));
}

/** False when the call started so long ago that the log may have forgotten it. */
export function isSurelyKept(startedAtMs: number, nowMs: number): boolean {
  return startedAtMs >= nowMs - surelyKeptMs;
}
