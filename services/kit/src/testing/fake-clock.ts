import type { Clock, Timer } from "../clock/clock.ts";

/** A clock that stands still until told to move. */
export interface FakeClock extends Clock {
  /** Moves time forward, firing timers in order, each at its own time; promises settle between two timers. */
  advance(ms: number): Promise<void>;
  /** Moves time forward as the sleep of a machine does: what was due in between is due once, at the next `advance`. */
  sleep(ms: number): void;
  /** How many timers are waiting. */
  pendingTimers(): number;
}

interface PendingTimer {
  readonly fire: () => void;
  readonly everyMs: number | undefined;
  dueMs: number;
}

/** Makes a clock that shows the given moment. */
export function createFakeClock(startMs = 1_700_000_000_000): FakeClock {
  const timers = new Set<PendingTimer>();
  let nowMs = startMs;

  const add = (fire: () => void, dueMs: number, everyMs?: number): Timer => {
    const timer: PendingTimer = { fire, dueMs, everyMs };
    timers.add(timer);
    return { cancel: () => void timers.delete(timer) };
  };
  const nextDue = (untilMs: number): PendingTimer | undefined => {
    let next: PendingTimer | undefined;
    for (const timer of timers) {
      if (timer.dueMs <= untilMs && (next === undefined || timer.dueMs < next.dueMs)) {
        next = timer;
      }
    }
    return next;
  };
  const fireOne = (timer: PendingTimer): void => {
    nowMs = Math.max(nowMs, timer.dueMs);
    if (timer.everyMs === undefined) {
      timers.delete(timer);
    } else {
      timer.dueMs += timer.everyMs;
    }
    timer.fire();
  };

  return {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs - startMs,
    setTimeout: (fire, delayMs) => add(fire, nowMs + Math.max(0, delayMs)),
    setInterval: (fire, everyMs) => add(fire, nowMs + Math.max(1, everyMs), Math.max(1, everyMs)),
    async advance(ms) {
      const untilMs = nowMs + ms;
      await settle();
      for (let due = nextDue(untilMs); due !== undefined; due = nextDue(untilMs)) {
        fireOne(due);
        await settle();
      }
      nowMs = untilMs;
      await settle();
    },
    sleep(ms) {
      nowMs += ms;
      for (const timer of timers) {
        timer.dueMs = Math.max(timer.dueMs, nowMs);
      }
    },
    pendingTimers: () => timers.size,
  };
}

/** Lets every promise that can settle do so. */
async function settle(): Promise<void> {
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
}
