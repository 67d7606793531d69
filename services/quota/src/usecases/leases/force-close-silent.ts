import type { Clock } from "@tollgate/kit/clock/clock";
import { isFault } from "@tollgate/kit/fault/fault";
import type { Logger } from "@tollgate/kit/logging/logger";
import type { ForceClose } from "./force-close.ts";
import type { JournalDesk } from "./lease-ports.ts";

/** What {@link startForceClosing} needs. */
export interface ForceCloseSilentPorts {
  readonly desk: Pick<JournalDesk, "listSilent">;
  readonly forceClose: ForceClose;
  readonly clock: Pick<Clock, "nowMs" | "setInterval">;
  readonly logger: Pick<Logger, "warn" | "error">;
  /** 0 = journals are only closed by operators. */
  readonly forceCloseAfterHours: number;
}

const everyMs = 600_000;
const journalsMax = 20;
const hourMs = 3_600_000;

/** Closes journals that hold money and were silent for so long, a bounded number at a time. Answers what ends it. */
export function startForceClosing(ports: ForceCloseSilentPorts): () => void {
  const { desk, forceClose, clock, logger, forceCloseAfterHours } = ports;
  if (forceCloseAfterHours === 0) {
    return () => undefined;
  }
  const closeSilent = async (): Promise<void> => {
    const beforeMs = clock.nowMs() - forceCloseAfterHours * hourMs;
    for (const journalId of await desk.listSilent(beforeMs, journalsMax)) {
      try {
        await forceClose(journalId);
      } catch (error) {
        if (!isFault(error)) {
          throw error;
        }
        // It is back, or another replica was faster.
        logger.warn({ err: error }, "a silent journal was not force-closed");
      }
    }
  };
  const timer = clock.setInterval(() => {
    closeSilent().catch((error: unknown) => {
      // The next round tries again.
      logger.error({ err: error }, "silent journals cannot be force-closed");
    });
  }, everyMs);
  return () => timer.cancel();
}
