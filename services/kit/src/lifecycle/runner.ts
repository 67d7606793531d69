import type { Logger } from "../logging/logger.ts";

/** What a runner needs. */
export interface RunnerOptions {
  readonly logger: Logger;
  /** How long all closers together may take. */
  readonly drainMs: number;
  /** Ends the process; a test passes its own. */
  readonly exit?: (code: number) => void;
}

/** Starts a process in order and stops it in reverse order. */
export interface Runner {
  /** Runs the start of the process. When it throws, what was opened is closed and the process exits with 1. */
  start(open: () => Promise<void>): Promise<void>;
  /** Registers the closer of something just opened. `deadline` is aborted when time is up. */
  onStop(name: string, close: (deadline: AbortSignal) => Promise<void>): void;
  /** Resolves when the process has stopped: by SIGTERM, SIGINT, {@link Runner.stop} or an uncaught error. */
  run(): Promise<void>;
  /** Stops as a signal does, with exit code 0. */
  stop(reason: string): Promise<void>;
}

interface Closer {
  readonly name: string;
  readonly close: (deadline: AbortSignal) => Promise<void>;
}

// After the deadline of all closers, time for the one that is late to notice.
const graceMs = 500;
// A terminal and a process manager may both report one Ctrl-C.
const echoMs = 500;

/** Makes the runner of a process and listens to its signals. A second signal ends the process at once. */
export function createRunner(options: RunnerOptions): Runner {
  const { logger, drainMs, exit = (code: number) => process.exit(code) } = options;
  const closers: Closer[] = [];
  const stopped = Promise.withResolvers<void>();
  let stopping: Promise<void> | undefined;

  const stop = async (reason: string, code: number): Promise<void> => {
    stopping ??= (async () => {
      logger.info({ reason }, "stopping");
      await closeAll(closers, drainMs, logger);
      logger.info({}, "stopped");
      // The listeners outlive the stop: without them a late signal would end the process with its own code.
      exit(code);
      // Only a test's exit comes back.
      removeListeners();
      stopped.resolve();
    })();
    return stopping;
  };
  let signalledAtMs = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    const sinceMs = performance.now() - signalledAtMs;
    if (stopping === undefined) {
      signalledAtMs = performance.now();
      void stop(signal, 0);
    } else if (sinceMs > echoMs) {
      logger.warn({ signal }, "stopped at once by a second signal");
      exit(130);
    }
  };
  const onUncaught = (error: unknown): void => {
    logger.error({ err: error }, "uncaught error");
    void stop("uncaught error", 1);
  };
  const removeListeners = (): void => {
    process.off("SIGTERM", onSignal);
    process.off("SIGINT", onSignal);
    process.off("uncaughtException", onUncaught);
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
  // Unhandled rejections arrive here too.
  process.on("uncaughtException", onUncaught);

  return {
    async start(open) {
      try {
        await open();
      } catch (error) {
        // An edge: the reason for not starting is for the operator, not for a caller.
        logger.error({ err: error }, "start failed");
        await stop("start failed", 1);
      }
    },
    onStop: (name, close) => void closers.push({ name, close }),
    run: async () => stopped.promise,
    stop: async (reason) => stop(reason, 0),
  };
}

async function closeAll(closers: Closer[], drainMs: number, logger: Logger): Promise<void> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), drainMs);
  const late = Promise.withResolvers<"late">();
  const graceTimer = setTimeout(() => late.resolve("late"), drainMs + graceMs);
  for (let closer = closers.pop(); closer !== undefined; closer = closers.pop()) {
    const { name, close } = closer;
    try {
      const outcome = await Promise.race([close(deadline.signal), late.promise]);
      if (outcome === "late") {
        logger.warn({ part: name, drainMs }, "part did not stop in time");
      }
    } catch (error) {
      // One part that cannot stop must not keep the others open.
      logger.error({ err: error, part: name }, "part failed to stop");
    }
  }
  clearTimeout(timer);
  clearTimeout(graceTimer);
}
