/** Calls of one channel in the last hour, in buckets of one minute. */
export interface CallWindow {
  /** Minutes since 1970 of the newest bucket. */
  newestMinute: number;
  readonly requests: number[];
  readonly successes: number[];
}

/** The sums over a window. */
export interface CallCounts {
  readonly requests: number;
  readonly successes: number;
}

const windowMinutes = 60;
const minuteMs = 60_000;

/** A window without calls. */
export function createCallWindow(nowMs: number): CallWindow {
  return {
    newestMinute: Math.floor(nowMs / minuteMs),
    requests: Array.from({ length: windowMinutes }, () => 0),
    successes: Array.from({ length: windowMinutes }, () => 0),
  };
}

/** Adds calls that happened about now. */
export function addCalls(window: CallWindow, counts: CallCounts, nowMs: number): void {
  advance(window, nowMs);
  const index = window.newestMinute % windowMinutes;
  window.requests[index] = (window.requests[index] ?? 0) + counts.requests;
  window.successes[index] = (window.successes[index] ?? 0) + counts.successes;
}

/** The calls of the last 60 minutes, the present one included. */
export function countCalls(window: CallWindow, nowMs: number): CallCounts {
  advance(window, nowMs);
  return { requests: sum(window.requests), successes: sum(window.successes) };
}

function advance(window: CallWindow, nowMs: number): void {
  const minute = Math.floor(nowMs / minuteMs);
  // A clock that was set back must not empty the window.
  const steps = Math.min(minute - window.newestMinute, windowMinutes);
  for (let step = 1; step <= steps; step += 1) {
    const index = (window.newestMinute + step) % windowMinutes;
    window.requests[index] = 0;
    window.successes[index] = 0;
  }
  window.newestMinute = Math.max(window.newestMinute, minute);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
