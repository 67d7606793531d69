import assert from "node:assert/strict";
import { copyFile, mkdir, mkdtemp, readdir, rm, stat, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { create, fromBinary } from "@bufbuild/protobuf";
import { systemClock } from "@tollgate/kit/clock/clock";
import { createLogger } from "@tollgate/kit/logging/logger";
import type { JournalRecord } from "@tollgate/proto/quota/v1/journal_record";
import { JournalRecordSchema } from "@tollgate/proto/quota/v1/journal_record";
import { Basis } from "@tollgate/proto/type/v1/usage";
import type { Journal } from "#ledgering/journal.ts";
import { openJournal } from "#ledgering/journal.ts";
import { aCallEnd, aCallStart, aCallUsage } from "#ledgering/testing/a-call.ts";

const logger = createLogger({ service: "relay", level: "silent" });

async function open(folder: string, segmentBytes = 1024 * 1024): Promise<Journal> {
  return openJournal({
    folder,
    sizes: { segmentBytes, allocateBytes: 4096 },
    freeBytesMin: 0,
    clock: systemClock,
    logger,
    onFailure: (error) => {
      throw error;
    },
  });
}

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "journal-"));
  try {
    await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readAll(journal: Journal, fromSeq = 0): Promise<readonly JournalRecord[]> {
  const records: JournalRecord[] = [];
  while (fromSeq + records.length < journal.durableSeq()) {
    for (const bytes of await journal.read(fromSeq + records.length, 7)) {
      records.push(bytes === undefined ? create(JournalRecordSchema) : toRecord(bytes));
    }
  }
  return records;
}

function toRecord(bytes: Uint8Array): JournalRecord {
  return fromBinary(JournalRecordSchema, bytes);
}

const kinds = (records: readonly JournalRecord[]): readonly (string | undefined)[] =>
  records.map(({ record }) => record.case);

test("what was durable is there after a restart, in order, and the epoch grows", async () => {
  await inFolder(async (folder) => {
    const first = await open(folder);
    const start = aCallStart();
    first.append({ kind: "started", start });
    const seq = first.append({ kind: "ended", start, end: aCallEnd() });
    await first.durable(seq);
    assert.equal(first.durable(seq), undefined);
    await first.close();
    const second = await open(folder);
    assert.deepEqual(second.journalId, first.journalId);
    assert.equal(second.epoch, 2);
    assert.deepEqual(kinds(await readAll(second)), ["started", "ended", "epochEnded"]);
    await second.close();
  });
});

test("everyone who waits for a sync is told, whenever he began to wait", async () => {
  await inFolder(async (folder) => {
    const journal = await open(folder);
    for (let round = 0; round < 200; round += 1) {
      const seq = journal.append({ kind: "released", epoch: 1, leaseNo: round + 1 });
      // At the append, after the write, and while the sync runs.
      const early = journal.durable(seq);
      await journal.written();
      await Promise.all([early, journal.durable(seq)]);
      assert.equal(journal.durable(seq), undefined);
    }
    await journal.close();
  });
});

test("a crash leaves no call open: without a checkpoint it is free, with one it costs what was passed on", async () => {
  await inFolder(async (folder) => {
    const crashed = await open(folder);
    const [ended, silent, spoken] = [aCallStart(), aCallStart(), aCallStart()];
    crashed.append({ kind: "started", start: ended });
    crashed.append({ kind: "started", start: silent });
    crashed.append({ kind: "started", start: spoken });
    crashed.append({
      kind: "checkpoint",
      start: spoken,
      usage: { ...aCallUsage, outputTokens: 5 },
      isLong: true,
    });
    crashed.append({ kind: "checkpoint", start: spoken, usage: aCallUsage, isLong: true });
    await crashed.durable(crashed.append({ kind: "ended", start: ended, end: aCallEnd() }));
    const image = `${folder}-image`;
    await copyFolder(folder, image);
    await crashed.close();
    const journal = await open(image);
    const records = await readAll(journal);
    assert.deepEqual(kinds(records.slice(6)), ["ended", "ended", "epochEnded"]);
    const ends = records.slice(6, 8).map(({ record }) => {
      assert.equal(record.case, "ended");
      return [record.value.basis, record.value.usage?.outputTokens];
    });
    assert.deepEqual(ends, [
      [Basis.CRASH_UNDELIVERED, 0],
      [Basis.CRASH, aCallUsage.outputTokens],
    ]);
    await journal.close();
    const again = await open(image);
    assert.deepEqual(kinds(await readAll(again)).slice(9), ["epochEnded"]);
    await again.close();
    await rm(image, { recursive: true });
  });
});

test("cut at any byte, a journal keeps every whole record before the cut and goes on", async () => {
  await inFolder(async (folder) => {
    const writer = await open(folder);
    const ends: number[] = [];
    for (let leaseNo = 1; leaseNo <= 6; leaseNo += 1) {
      await writer.durable(writer.append({ kind: "released", epoch: 1, leaseNo }));
    }
    await writer.close();
    const name = (await readdir(folder)).find((file) => file.endsWith(".journal")) ?? "";
    const { size } = await stat(join(folder, name));
    const recordBytes = (size - 16) / 6;
    for (let cut = 16; cut <= size; cut += 1) {
      const image = `${folder}-cut-${cut}`;
      await copyFolder(folder, image);
      await truncate(join(image, name), cut);
      const journal = await open(image);
      const whole = Math.floor((cut - 16) / recordBytes);
      const read = kinds(await readAll(journal));
      assert.deepEqual(read, [...Array<string>(whole).fill("released"), "epochEnded"]);
      ends.push(whole);
      await journal.close();
      await rm(image, { recursive: true });
    }
    assert.equal(ends.at(-1), 6);
  });
});

test("starts and checkpoints are shipped only of calls that are open", async () => {
  await inFolder(async (folder) => {
    const journal = await open(folder);
    const [short, long] = [aCallStart(), aCallStart()];
    journal.append({ kind: "started", start: short });
    journal.append({ kind: "started", start: long });
    journal.append({ kind: "checkpoint", start: short, usage: aCallUsage, isLong: false });
    journal.append({ kind: "checkpoint", start: long, usage: aCallUsage, isLong: false });
    journal.append({ kind: "checkpoint", start: long, usage: aCallUsage, isLong: false });
    await journal.durable(journal.append({ kind: "ended", start: short, end: aCallEnd() }));
    const shipped = [undefined, "started", undefined, undefined, "checkpoint", "ended"];
    assert.deepEqual(kinds(await readAll(journal)), shipped);
    await journal.durable(journal.append({ kind: "ended", start: long, end: aCallEnd() }));
    assert.deepEqual(kinds(await readAll(journal, 1)), [
      ...Array(4).fill(undefined),
      "ended",
      "ended",
    ]);
    await journal.close();
  });
});

test("records are read back across segments, also from long ago", async () => {
  await inFolder(async (folder) => {
    const journal = await open(folder, 2000);
    let last = 0;
    for (let leaseNo = 1; leaseNo <= 500; leaseNo += 1) {
      last = journal.append({ kind: "released", epoch: 1, leaseNo });
      if (leaseNo % 10 === 0) {
        await journal.durable(last);
      }
    }
    await journal.durable(last);
    const before = await readAll(journal);
    // Acknowledged records leave the memory; a mark that goes backwards brings them back from the disk.
    journal.acknowledge(500);
    const after = await readAll(journal);
    assert.equal(before.length, 500);
    assert.deepEqual(after, before);
    const files = (await readdir(folder)).filter((file) => file.endsWith(".journal"));
    assert.ok(files.length > 3);
    await journal.close();
    const next = await open(folder, 2000);
    assert.equal((await readAll(next)).length, 501);
    await next.close();
  });
});

test("segments follow each other while syncs run, and no record waits for ever", async () => {
  await inFolder(async (folder) => {
    const journal = await open(folder, 2000);
    for (let leaseNo = 1; leaseNo <= 2000; leaseNo += 1) {
      journal.append({ kind: "released", epoch: 1, leaseNo });
      if (leaseNo % 5 === 0) {
        // The next records are written while this sync runs.
        journal.syncSoon();
        await new Promise(setImmediate);
      }
    }
    await journal.durable(journal.nextSeq() - 1);
    assert.equal((await readAll(journal)).length, 2000);
    await journal.close();
  });
});

async function copyFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  const names = await readdir(from);
  // A file that is just being replaced may be gone by the time it is copied.
  for (const name of names.filter((file) => !file.endsWith(".new"))) {
    await copyFile(join(from, name), join(to, name));
  }
}

test("a record that nobody waits for is on the disk soon, and who waits is never told too early", async () => {
  await inFolder(async (folder) => {
    const journal = await open(folder);
    const durable = new Promise<void>((resolve) => {
      journal.onDurable(resolve);
    });
    journal.append({ kind: "released", epoch: 1, leaseNo: 1 });
    await durable;
    assert.equal(journal.durableSeq(), 1);
    const waits: Promise<void>[] = [];
    for (let leaseNo = 2; leaseNo <= 200; leaseNo += 1) {
      const seq = journal.append({ kind: "released", epoch: 1, leaseNo });
      waits.push(
        (async () => {
          await journal.durable(seq);
          assert.ok(journal.durableSeq() > seq);
        })(),
      );
      if (leaseNo % 3 === 0) {
        await new Promise(setImmediate);
      }
    }
    await Promise.all(waits);
    await journal.close();
  });
});

test("who waits for a record that is written but not yet on the disk is told when it is", async () => {
  await inFolder(async (folder) => {
    const journal = await open(folder);
    const seq = journal.append({ kind: "released", epoch: 1, leaseNo: 1 });
    await journal.written();
    await journal.durable(seq);
    assert.equal(journal.durableSeq(), seq + 1);
    await journal.close();
  });
});
