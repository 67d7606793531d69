import assert from "node:assert/strict";
import { test } from "node:test";
import { create, fromBinary, toJson } from "@bufbuild/protobuf";
import { JournalRecordSchema } from "@tollgate/proto/quota/v1/journal_record";
import { Basis } from "@tollgate/proto/type/v1/usage";
import type { RecordContent } from "#ledgering/encode-record.ts";
import { encodeRecord } from "#ledgering/encode-record.ts";
import { RecordWriter } from "#ledgering/record-writer.ts";
import { aCallEnd, aCallStart, aCallUsage } from "#ledgering/testing/a-call.ts";

function decode(content: RecordContent) {
  const writer = new RecordWriter(Buffer.alloc(16 * 1024));
  encodeRecord(writer, content);
  return fromBinary(JournalRecordSchema, writer.bytes.subarray(0, writer.position));
}

const wireUsage = { ...aCallUsage };

test("a START says the same as the generated encoder's", () => {
  const start = aCallStart({ model: "模型-é", clientIp: "2001:db8::1" });
  const expected = create(JournalRecordSchema, {
    record: {
      case: "started",
      value: {
        ...start,
        userId: BigInt(start.userId),
        keyId: BigInt(start.keyId),
        channelId: BigInt(start.channelId),
        priceVersion: BigInt(start.priceVersion),
        estimateNanos: BigInt(start.estimateNanos),
        startedAtMs: BigInt(start.startedAtMs),
      },
    },
  });
  assert.deepEqual(
    toJson(JournalRecordSchema, decode({ kind: "started", start })),
    toJson(JournalRecordSchema, expected),
  );
});

test("an END says the same as the generated encoder's, with amounts beyond 2^53 and long texts", () => {
  const start = aCallStart();
  const end = aCallEnd({
    costNanos: 9_000_000_000_000_000_001n,
    errorMessage: "上游".repeat(200),
    attempts: [
      { channelId: 3, status: 500, reason: "SERVER_ERROR", elapsedMs: 120 },
      { channelId: 2 ** 40, status: 200, reason: "", elapsedMs: 0 },
    ],
  });
  const { record } = decode({ kind: "ended", start, end });
  assert.equal(record.case, "ended");
  const { value } = record;
  assert.equal(value.costNanos, end.costNanos);
  assert.equal(value.basis, Basis.USAGE);
  assert.equal(value.errorMessage, end.errorMessage);
  assert.equal(value.start?.model, start.model);
  assert.deepEqual(
    value.attempts.map(({ channelId, status, reason, elapsedMs }) => ({
      channelId: Number(channelId),
      status,
      reason,
      elapsedMs,
    })),
    end.attempts,
  );
  for (const [name, count] of Object.entries(wireUsage)) {
    assert.equal(Reflect.get(value.usage ?? {}, name), count, name);
  }
});

test("the other records carry their fields", () => {
  const start = aCallStart();
  const passed = { kind: "checkpoint", start, usage: aCallUsage } as const;
  const checkpoint = decode({ ...passed, isLong: false }).record;
  assert.equal(checkpoint.case, "checkpoint");
  assert.ok(Buffer.from(start.requestId).equals(checkpoint.value.requestId));
  assert.equal(checkpoint.value.start, undefined);
  const late = decode({ ...passed, isLong: true }).record;
  assert.equal(late.case === "checkpoint" && late.value.start?.model, start.model);
  const released = decode({ kind: "released", epoch: 7, leaseNo: 300 }).record;
  assert.deepEqual(
    released.case === "released" && [released.value.epoch, released.value.leaseNo],
    [7, 300],
  );
  const amountNanos = Number.MAX_SAFE_INTEGER;
  const returned = decode({ kind: "returned", epoch: 1, leaseNo: 2, amountNanos }).record;
  assert.equal(returned.case === "returned" && returned.value.amountNanos, BigInt(amountNanos));
  const ended = decode({ kind: "epoch-ended", epoch: 9 }).record;
  assert.equal(ended.case === "epochEnded" && ended.value.epoch, 9);
});
