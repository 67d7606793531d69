import { performance } from "node:perf_hooks";

/** A running timer. Cancelling a timer that has fired, or twice, does nothing. */
export interface Timer {
  cancel(): void;
}

/** The only source of time. Passed by argument, so that tests own time. */
export interface Clock {
  /** Milliseconds since 1970, whole. May jump when the machine's clock is set. */
  nowMs(): number;
  /** Milliseconds since an arbitrary moment; never goes back. For durations. */
  monotonicMs(): number;
  setTimeout(fire: () => void, delayMs: number): Timer;
  setInterval(fire: () => void, everyMs: number): Timer;
}

// Longer delays would fire at once in Node.
const delayMsMax = 2_147_483_647;

/** The machine's clock. Its timers keep the process alive until they fire or are cancelled. */
export const systemClock: Clock = Object.freeze({
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimeout: (fire: () => void, delayMs: number): Timer => {
    const timer = setTimeout(fire, Math.min(delayMs, delayMsMax));
    return { cancel: () => clearTimeout(timer) };
  },
  setInterval: (fire: () => void, everyMs: number): Timer => {
    const timer = setInterval(fire, Math.min(everyMs, delayMsMax));
    return { cancel: () => clearInterval(timer) };
  },
});
