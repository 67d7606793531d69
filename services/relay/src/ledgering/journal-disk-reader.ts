import type { JournalFiles } from "#ledgering/journal-files.ts";
import type { Segment, SegmentPage } from "#ledgering/journal-segment.ts";
import { readSegment } from "#ledgering/journal-segment.ts";

/** Reads records that are no longer in memory. */
export interface DiskReader {
  /** Up to `countMax` records from `fromSeq` on, at least one. Rejects if `fromSeq` is no longer kept. */
  readonly read: (fromSeq: number, countMax: number) => Promise<readonly Uint8Array[]>;
}

export function createDiskReader(segments: readonly Segment[], files: JournalFiles): DiskReader {
  // Shipping reads forwards: the page and the place behind it serve the next call.
  let page: SegmentPage = { records: [], endOffset: 0 };
  let cursor: { segment: Segment; offset: number; seq: number } | undefined;
  const takePage = async (fromSeq: number): Promise<void> => {
    const segment = segments.findLast(({ firstSeq }) => firstSeq <= fromSeq);
    if (segment === undefined) {
      throw new Error(`record ${fromSeq} is no longer kept in the journal`);
    }
    const start = cursor?.segment === segment && cursor.seq <= fromSeq ? cursor : undefined;
    for await (const next of readSegment(files, segment, start)) {
      const last = next.records.at(-1)?.seq ?? 0;
      cursor = { segment, offset: next.endOffset, seq: last + 1 };
      if (last >= fromSeq) {
        page = next;
        return;
      }
    }
    throw new Error(`record ${fromSeq} is missing from the journal`);
  };
  return {
    async read(fromSeq, countMax) {
      const isAtHand = page.records.some(({ seq }) => seq === fromSeq);
      if (!isAtHand) {
        await takePage(fromSeq);
      }
      const first = page.records[0]?.seq ?? 0;
      return page.records
        .slice(fromSeq - first, fromSeq - first + countMax)
        .map(({ payload }) => payload);
    },
  };
}
