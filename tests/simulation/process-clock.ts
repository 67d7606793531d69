import type { Clock, Timer } from "@tollgate/kit/clock/clock";

/** The clock of one simulated process. With the process its timers end. */
export interface ProcessClock extends Clock {
  readonly kill: () => void;
  readonly isAlive: () => boolean;
}

const noTimer: Timer = Object.freeze({ cancel: () => undefined });

export function createProcessClock(clock: Clock): ProcessClock {
  const timers = new Set<Timer>();
  let isAlive = true;
  return {
    nowMs: () => clock.nowMs(),
    monotonicMs: () => clock.monotonicMs(),
    setTimeout: (fire, delayMs) => {
      if (!isAlive) {
        return noTimer;
      }
      const timer = clock.setTimeout(() => {
        timers.delete(timer);
        fire();
      }, delayMs);
      timers.add(timer);
      return {
        cancel: () => {
          timers.delete(timer);
          timer.cancel();
        },
      };
    },
    setInterval: (fire, everyMs) => {
      if (!isAlive) {
        return noTimer;
      }
      const timer = clock.setInterval(fire, everyMs);
      timers.add(timer);
      return timer;
    },
    kill: () => {
      isAlive = false;
      for (const timer of timers) {
        timer.cancel();
      }
      timers.clear();
    },
    isAlive: () => isAlive,
  };
}
