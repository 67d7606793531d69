import type { Clock } from "../clock/clock.ts";
import { systemClock } from "../clock/clock.ts";
import { platformFaults } from "../fault/fault.ts";

/** Lets one holder in at a time, in the order of arrival. */
export interface FifoLock {
  /** Throws `DATABASE_BUSY` when the turn does not come within the time, or when too many wait already. */
  hold<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** Bounds of the queue before a {@link FifoLock}. */
export interface FifoLockOptions {
  readonly waitMsMax: number;
  readonly waitersMax: number;
  readonly clock?: Clock;
}

/** Makes a lock. Waiting without end would hide a statement issued outside the transaction that its caller holds. */
export function createFifoLock({
  waitMsMax,
  waitersMax,
  clock = systemClock,
}: FifoLockOptions): FifoLock {
  const waiters = new Set<() => void>();
  let isHeld = false;

  async function takeTurn(): Promise<void> {
    if (waiters.size >= waitersMax) {
      throw platformFaults.fault("DATABASE_BUSY");
    }
    await new Promise<void>((resolve, reject) => {
      const timer = clock.setTimeout(() => {
        waiters.delete(enter);
        reject(platformFaults.fault("DATABASE_BUSY"));
      }, waitMsMax);
      const enter = (): void => {
        timer.cancel();
        resolve();
      };
      waiters.add(enter);
    });
  }

  function passOn(): void {
    const [next] = waiters;
    if (next === undefined) {
      isHeld = false;
    } else {
      waiters.delete(next);
      next();
    }
  }

  return {
    async hold(work) {
      if (isHeld) {
        await takeTurn();
      }
      isHeld = true;
      try {
        return await work();
      } finally {
        passOn();
      }
    },
  };
}
