import { Code } from "@connectrpc/connect";
import type { Clock } from "@tollgate/kit/clock/clock";
import { isFault } from "@tollgate/kit/fault/fault";
import { pause } from "./pause.ts";

/** How often and how far apart a service that cannot be reached is tried again: one minute in all. */
const outage = Object.freeze({ tries: 12, waitMs: 5000 });

/** What waiting needs. */
export interface OutlastOptions {
  readonly clock: Pick<Clock, "setTimeout">;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

/**
 * Calls again while the service cannot be reached, so that a restart of the relay does not break a job of thousands of items.
 * Rejects with the last failure.
 */
export async function outlastOutage<Result>(
  { clock, signal }: OutlastOptions,
  call: () => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      // Anything but an outage is for the caller, and so is an outage that does not end.
      if (!isOutage(error) || attempt === outage.tries || signal.aborted) {
        throw error;
      }
      await pause(clock, outage.waitMs, signal);
    }
  }
}

function isOutage(error: unknown): boolean {
  return isFault(error) && error.code === Code.Unavailable;
}
