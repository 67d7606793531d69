import { join } from "node:path";
import { formatUuid, parseUuid, uuidV7Bytes } from "@tollgate/kit/ids/uuid-v7";
import { z } from "zod";
import { readTextFile, writeDurableFile } from "#ledgering/durable-file.ts";
import type { JournalFiles } from "#ledgering/journal-files.ts";

/** Who a journal is: the id is made once per folder, the epoch grows by one at each start. */
export interface JournalIdentity {
  readonly journalId: Uint8Array;
  readonly epoch: number;
}

const identitySchema = z.object({
  journalId: z.uuid(),
  epoch: z.int().min(1).max(0xffff_ffff),
});

const positionSchema = z.object({ scanFromSeq: z.int().min(0) });

/** Begins the next epoch. It is on the disk before the answer, so that no two processes ever share one. */
export async function beginEpoch(folder: string, files: JournalFiles): Promise<JournalIdentity> {
  const path = join(folder, "identity.json");
  const text = await readTextFile(path, files);
  const last =
    text === undefined
      ? { journalId: formatUuid(uuidV7Bytes()), epoch: 0 }
      : identitySchema.parse(JSON.parse(text));
  const next = { journalId: last.journalId, epoch: last.epoch + 1 };
  await writeDurableFile(path, `${JSON.stringify(next)}\n`, files);
  return { journalId: parseUuid(next.journalId), epoch: next.epoch };
}

/** Where a replay may begin: every call that started before it has ended. 0 when nothing is known. */
export async function readScanPosition(folder: string, files: JournalFiles): Promise<number> {
  const text = await readTextFile(join(folder, "position.json"), files);
  return text === undefined ? 0 : positionSchema.parse(JSON.parse(text)).scanFromSeq;
}

export async function writeScanPosition(
  folder: string,
  scanFromSeq: number,
  files: JournalFiles,
): Promise<void> {
  const text = `${JSON.stringify({ scanFromSeq })}\n`;
  await writeDurableFile(join(folder, "position.json"), text, files);
}
