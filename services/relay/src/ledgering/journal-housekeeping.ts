import type { Clock } from "@tollgate/kit/clock/clock";
import type { Logger } from "@tollgate/kit/logging/logger";
import type { JournalFiles } from "#ledgering/journal-files.ts";
import { writeScanPosition } from "#ledgering/journal-identity.ts";
import type { Segment } from "#ledgering/journal-segment.ts";

const housekeepingMs = 5000;
const retentionMs = 72 * 3600 * 1000;

export interface Housekeeping {
  readonly acknowledge: (hwm: number) => void;
  readonly hasRoom: () => boolean;
  readonly close: () => Promise<void>;
}

export interface HousekeepingPorts {
  readonly folder: string;
  readonly files: JournalFiles;
  readonly freeBytesMin: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly segments: Segment[];
  /** Where a replay may begin: every call that started before has an end on the disk. */
  readonly findScanPosition: () => Promise<number>;
}

/** Every few seconds: saves where a replay may begin, looks at the free space, removes segments that nobody needs. */
export function startHousekeeping(ports: HousekeepingPorts): Housekeeping {
  const { folder, files, freeBytesMin, clock, logger } = ports;
  let acknowledged = 0;
  let savedSeq = -1;
  let hasRoom = true;
  let running: Promise<void> = Promise.resolve();
  const tidy = async (): Promise<void> => {
    const scanFromSeq = await ports.findScanPosition();
    if (scanFromSeq !== savedSeq) {
      await writeScanPosition(folder, scanFromSeq, files);
      savedSeq = scanFromSeq;
    }
    const disk = await files.statfs(folder);
    const free = disk.bavail * disk.bsize;
    if (free >= freeBytesMin !== hasRoom) {
      hasRoom = free >= freeBytesMin;
      logger[hasRoom ? "info" : "error"]({ freeBytes: free }, "journal disk space");
    }
    await removeOld(ports, Math.min(acknowledged, scanFromSeq));
  };
  const run = (): void => {
    running = running.then(tidy).catch((error: unknown) => {
      // Nothing is lost by a round that failed: the next one does the same work.
      logger.error({ err: error }, "journal housekeeping failed");
    });
  };
  const timer = clock.setInterval(run, housekeepingMs);
  run();
  return {
    acknowledge: (hwm) => {
      acknowledged = hwm;
    },
    hasRoom: () => hasRoom,
    close: async () => {
      timer.cancel();
      run();
      await running;
    },
  };
}

async function removeOld(
  { files, segments, clock }: HousekeepingPorts,
  beforeSeq: number,
): Promise<void> {
  const nowMs = clock.nowMs();
  for (;;) {
    const [oldest, next] = segments;
    if (oldest === undefined || next === undefined || next.firstSeq > beforeSeq) {
      return;
    }
    const { mtimeMs } = await files.stat(oldest.path);
    if (nowMs - mtimeMs < retentionMs) {
      return;
    }
    await files.unlink(oldest.path);
    segments.shift();
  }
}
