import type { Clock } from "../clock/clock.ts";
import { systemClock } from "../clock/clock.ts";
import type { Logger } from "../logging/logger.ts";

/** How long to wait between two attempts: doubles from `minMs` to `maxMs`, each wait drawn from its upper half. */
export interface Backoff {
  readonly minMs: number;
  readonly maxMs: number;
}

/** A stream to keep open for ever. */
export interface KeepStreamOpenOptions {
  /** Opens the stream and resolves or rejects when it has ended. Must end soon after the signal is aborted. */
  readonly open: (signal: AbortSignal) => Promise<void>;
  readonly backoff: Backoff;
  readonly logger: Pick<Logger, "info" | "warn">;
  /** Names the stream in the log. */
  readonly name: string;
  readonly clock?: Clock;
  /** From 0 inclusive to 1 exclusive. */
  readonly random?: () => number;
}

/** A stream that is being kept open. */
export interface OpenStream {
  /** Aborts the stream and resolves when it has ended; it is not opened again. */
  close(): Promise<void>;
}

/** Runs a long-lived stream for ever. A stream that lived longer than `maxMs` starts over with the shortest wait. */
export function keepStreamOpen(options: KeepStreamOpenOptions): OpenStream {
  const closing = new AbortController();
  const done = runStream(options, closing.signal);
  return {
    async close() {
      closing.abort();
      await done;
    },
  };
}

async function runStream(options: KeepStreamOpenOptions, signal: AbortSignal): Promise<void> {
  const { backoff, logger, name, clock = systemClock, random = Math.random } = options;
  let attempt = 0;
  while (!signal.aborted) {
    const openedAtMs = clock.monotonicMs();
    const failure = await openOnce(options.open, signal);
    if (signal.aborted) {
      return;
    }
    if (clock.monotonicMs() - openedAtMs > backoff.maxMs) {
      attempt = 0;
    }
    const ceilingMs = Math.min(backoff.maxMs, backoff.minMs * 2 ** Math.min(attempt, 30));
    const waitMs = Math.round(ceilingMs / 2 + (random() * ceilingMs) / 2);
    attempt += 1;
    if (failure === undefined) {
      logger.info({ stream: name, waitMs }, "stream ended");
    } else {
      logger.warn({ stream: name, waitMs, attempt, err: failure }, "stream failed");
    }
    await wait(clock, waitMs, signal);
  }
}

async function openOnce(
  open: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<unknown> {
  try {
    await open(signal);
    return undefined;
  } catch (error) {
    // The caller logs it with the time of the next attempt.
    return error ?? new Error("the stream failed without a reason");
  }
}

async function wait(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const wake = (): void => {
      timer.cancel();
      signal.removeEventListener("abort", wake);
      resolve();
    };
    const timer = clock.setTimeout(wake, ms);
    signal.addEventListener("abort", wake);
  });
}
