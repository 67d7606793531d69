import type { Logger } from "@tollgate/kit/logging/logger";
import type { AdminContext } from "#admin-context.ts";
import { limits } from "#limits.ts";

const sweepEveryMs = 60 * 60_000;

/** Work that runs by itself. */
export interface BackgroundWork {
  stop(): void;
}

/** Asks quota and registry every few seconds whether they answer, and forgets old sessions every hour. */
export function startBackgroundWork(
  parts: Pick<AdminContext, "options" | "sessions" | "clock"> & { readonly logger: Logger },
): BackgroundWork {
  const { options, sessions, clock, logger } = parts;
  const run = (name: string, work: () => Promise<unknown>): void => {
    work().catch((error: unknown) =>
      logger.warn({ err: error, work: name }, "background work failed"),
    );
  };
  const checkOptions = (): void => run("read options", async () => options.read());
  checkOptions();
  const timers = [
    clock.setInterval(checkOptions, limits.readinessCheckMs),
    clock.setInterval(() => run("sweep sessions", async () => sessions.sweep()), sweepEveryMs),
  ];
  return {
    stop() {
      for (const timer of timers) {
        timer.cancel();
      }
    },
  };
}
