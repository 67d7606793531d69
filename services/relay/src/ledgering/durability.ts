/** What must have happened to a record before its client may see what it stands for. */
import type { Clock } from "@tollgate/kit/clock/clock";
import type { Logger } from "@tollgate/kit/logging/logger";
import type { Journal } from "#ledgering/journal.ts";

/**
 * `process`: written, which outlives this process but not a power cut. `local`: on the disk. `local+remote`: on the disk, and
 * the end of a call applied by quota as well, which outlives the disk.
 */
export type DurabilityLevel = "process" | "local" | "local+remote";

export const durabilityLevels = ["process", "local", "local+remote"] as const;

/** How far records have to get. Both answer `undefined` when they are there. */
export interface Durability {
  /** Resolves when the client may see bytes of the call whose START has this number. */
  readonly started: (seq: number) => Promise<void> | undefined;
  /** Resolves when the client may see the end of the call whose END has this number. */
  readonly ended: (seq: number) => Promise<void> | undefined;
}

export interface DurabilityPorts {
  readonly level: DurabilityLevel;
  readonly journal: Pick<Journal, "written" | "durable">;
  /** Resolves when quota has applied the record. */
  readonly shipped: (seq: number) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, "error" | "info">;
}

// Longer no client waits for quota: its call is on the disk.
const remoteMs = 2000;

/** Chooses by level. Without quota, `local+remote` is `local` with an alarm. */
export function createDurability(ports: DurabilityPorts): Durability {
  const { journal } = ports;
  switch (ports.level) {
    case "process":
      return { started: () => journal.written(), ended: () => journal.written() };
    case "local":
      return { started: journal.durable, ended: journal.durable };
    case "local+remote": {
      const remote = createRemoteWait(ports);
      return {
        started: journal.durable,
        ended: async (seq) => {
          await journal.durable(seq);
          await remote(seq);
        },
      };
    }
  }
}

function createRemoteWait({
  shipped,
  clock,
  logger,
}: DurabilityPorts): (seq: number) => Promise<void> {
  let isDegraded = false;
  return async (seq) => {
    const outcome = Promise.withResolvers<"applied" | "late">();
    const timer = clock.setTimeout(() => outcome.resolve("late"), remoteMs);
    const applied = shipped(seq);
    void tellWhen(applied, () => outcome.resolve("applied"));
    // While quota is away nobody waits for it; the first answer ends that.
    const isLate = isDegraded || (await outcome.promise) === "late";
    timer.cancel();
    if (isLate && !isDegraded) {
      isDegraded = true;
      logger.error(
        { waitedMs: remoteMs },
        "quota does not take records: ends are only on the disk",
      );
      void tellWhen(applied, () => {
        isDegraded = false;
        logger.info({}, "quota takes records again");
      });
    }
  };
}

async function tellWhen(applied: Promise<void>, tell: () => void): Promise<void> {
  await applied;
  tell();
}
