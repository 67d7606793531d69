import assert from "node:assert/strict";
import { test } from "node:test";
import { create, toBinary } from "@bufbuild/protobuf";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { CallEndedSchema } from "@tollgate/proto/quota/v1/journal_record";
import { JournalRecordSchema } from "@tollgate/proto/quota/v1/journal_record";
import { Basis } from "@tollgate/proto/type/v1/usage";
import { uuidV7Bytes } from "@tollgate/kit/ids/uuid-v7";
import { isQuotaFault } from "#domain/faults.ts";
import { decodeJournalRecord } from "./decode-journal-record.ts";

type RecordInit = NonNullable<
  Exclude<MessageInitShape<typeof JournalRecordSchema>, { $typeName: string }>["record"]
>;

const requestId = uuidV7Bytes();

const start = {
  requestId,
  epoch: 4_294_967_295,
  leaseNo: 300,
  userId: 12n,
  keyId: 2_147_483_647n,
  group: "vip",
  model: "模型 🙂",
  pricedModel: "first choice",
  channelType: 14,
  channelId: 9n,
  priceVersion: 3n,
  estimateNanos: 9_007_199_254_740_993n,
  inputEstimateTokens: 77,
  stream: true,
  surface: "openai-chat",
  startedAtMs: 1_700_000_000_123n,
  clientIp: "2001:db8::1",
};

const usage = {
  inputTokens: 1,
  cacheReadTokens: 128,
  cacheWrite5mTokens: 16_384,
  cacheWrite1hTokens: 4_294_967_295,
  outputTokens: 5,
  reasoningTokens: 6,
  audioInputTokens: 7,
  audioOutputTokens: 8,
  imageInputTokens: 9,
  imageOutputTokens: 10,
  calls: 11,
  images: 12,
  milliseconds: 13,
  characters: 14,
};

const end = {
  start,
  usage,
  basis: Basis.DRAINED,
  costNanos: 9_007_199_254_740_993n,
  channelId: 21n,
  channelType: 33,
  pricedModel: "served",
  attempts: [
    { channelId: 9n, status: 500, reason: "UPSTREAM_ERROR", elapsedMs: 70_000 },
    { channelId: 21n, status: 200, reason: "", elapsedMs: 12 },
  ],
  upstreamId: "chatcmpl-1",
  status: 200,
  errorReason: "LATE",
  ttftMs: 100,
  durationMs: 4_000_000_000,
  systemPromptReset: true,
  errorMessage: "a sentence",
  isEstimated: true,
} as const satisfies MessageInitShape<typeof CallEndedSchema>;

function encode(record: RecordInit): Uint8Array {
  return toBinary(JournalRecordSchema, create(JournalRecordSchema, { record }));
}

function refuses(bytes: Uint8Array): void {
  assert.throws(
    () => decodeJournalRecord(bytes),
    (error) => isQuotaFault("RECORD_UNREADABLE", error),
  );
}

test("the end of a call is read field by field as the generated code wrote it", () => {
  const entry = decodeJournalRecord(encode({ case: "ended", value: end }));
  assert.ok(entry.kind === "ended");
  const { requestId: readId, ...call } = entry.call;
  assert.deepEqual(new Uint8Array(readId), requestId);
  assert.deepEqual(call, {
    epoch: 4_294_967_295,
    leaseNo: 300,
    holdNanos: 9_007_199_254_740_993n,
    userId: 12,
    keyId: 2_147_483_647,
    group: "vip",
    model: "模型 🙂",
    pricedModel: "served",
    channelId: 21,
    channelType: 33,
    priceVersion: 3,
    startedAtMs: 1_700_000_000_123,
    isStream: true,
    surface: "openai-chat",
    clientIp: "2001:db8::1",
    usage,
    basis: 4,
    costNanos: 9_007_199_254_740_993n,
    attempts: [
      { channelId: 9, status: 500, reason: "UPSTREAM_ERROR", elapsedMs: 70_000 },
      { channelId: 21, status: 200, reason: "", elapsedMs: 12 },
    ],
    upstreamId: "chatcmpl-1",
    status: 200,
    errorReason: "LATE",
    errorMessage: "a sentence",
    ttftMs: 100,
    durationMs: 4_000_000_000,
    isSystemPromptReset: true,
    isEstimated: true,
  });
});

test("a call that no channel served has the price of the first one chosen", () => {
  const value = { ...end, channelId: 0n, channelType: 0, pricedModel: "" };
  const entry = decodeJournalRecord(encode({ case: "ended", value }));
  assert.ok(entry.kind === "ended");
  assert.deepEqual([entry.call.pricedModel, entry.call.channelType], ["first choice", 14]);
});

test("every other kind of record is recognised", () => {
  assert.deepEqual(decodeJournalRecord(encode({ case: "started", value: start })), {
    kind: "passed",
  });
  assert.deepEqual(decodeJournalRecord(encode({ case: "checkpoint", value: { usage } })), {
    kind: "passed",
  });
  assert.deepEqual(
    decodeJournalRecord(encode({ case: "released", value: { epoch: 7, leaseNo: 9 } })),
    { kind: "released", epoch: 7, leaseNo: 9 },
  );
  assert.deepEqual(
    decodeJournalRecord(
      encode({ case: "returned", value: { epoch: 7, leaseNo: 9, amountNanos: -5n } }),
    ),
    { kind: "returned", epoch: 7, leaseNo: 9, amountNanos: -5n },
  );
  assert.deepEqual(decodeJournalRecord(encode({ case: "epochEnded", value: { epoch: 8 } })), {
    kind: "epoch-ended",
    epoch: 8,
  });
});

test("a checkpoint that tells its start is an open call with what was passed on so far", () => {
  const entry = decodeJournalRecord(
    encode({ case: "checkpoint", value: { requestId, usage, start } }),
  );
  assert.ok(entry.kind === "open");
  const { requestId: readId, ...call } = entry.call;
  assert.deepEqual(new Uint8Array(readId), requestId);
  assert.deepEqual(call, {
    epoch: 4_294_967_295,
    leaseNo: 300,
    holdNanos: 9_007_199_254_740_993n,
    userId: 12,
    keyId: 2_147_483_647,
    group: "vip",
    model: "模型 🙂",
    pricedModel: "first choice",
    channelId: 9,
    channelType: 14,
    priceVersion: 3,
    startedAtMs: 1_700_000_000_123,
    isStream: true,
    surface: "openai-chat",
    clientIp: "2001:db8::1",
    usage,
    basis: 0,
    costNanos: 0n,
    attempts: [],
    upstreamId: "",
    status: 0,
    errorReason: "",
    errorMessage: "",
    ttftMs: 0,
    durationMs: 0,
    isSystemPromptReset: false,
    isEstimated: false,
  });
  refuses(
    encode({ case: "checkpoint", value: { start: { ...start, requestId: new Uint8Array() } } }),
  );
});

test("an unknown kind of record is refused, never passed over", () => {
  refuses(new Uint8Array([(15 << 3) | 2, 0]));
  refuses(new Uint8Array());
});

test("a record that is cut off at any byte is refused", () => {
  const bytes = encode({ case: "ended", value: end });
  for (let length = 0; length < bytes.length; length += 1) {
    refuses(bytes.subarray(0, length));
  }
});

test("fields that a newer relay adds to a known record are passed over", () => {
  const inner = toBinary(
    JournalRecordSchema,
    create(JournalRecordSchema, { record: { case: "released", value: { epoch: 1, leaseNo: 2 } } }),
  );
  // Field 99 (a varint), 98 (a text), 97 (64 bits) and 96 (32 bits) after the known ones.
  const extra = [152, 6, 1, 146, 6, 1, 65, 137, 6, 0, 0, 0, 0, 0, 0, 0, 0, 133, 6, 0, 0, 0, 0];
  const bytes = new Uint8Array([...inner, ...extra]);
  bytes[1] = (bytes[1] ?? 0) + extra.length;
  assert.deepEqual(decodeJournalRecord(bytes), { kind: "released", epoch: 1, leaseNo: 2 });
});

test("an end without a request id or basis, or with an impossible id, is refused", () => {
  refuses(encode({ case: "ended", value: { ...end, basis: Basis.UNSPECIFIED } }));
  refuses(
    encode({
      case: "ended",
      value: { ...end, start: { ...start, requestId: requestId.subarray(1) } },
    }),
  );
  refuses(encode({ case: "ended", value: { ...end, start: { ...start, userId: -1n } } }));
  refuses(encode({ case: "ended", value: { ...end, start: { ...start, keyId: 2n ** 31n } } }));
});

test("texts are cut to what the log holds, and hold no NUL", () => {
  const long = { ...start, model: "m".repeat(1000), surface: "a\0b" };
  const entry = decodeJournalRecord(
    encode({ case: "ended", value: { ...end, start: long, errorMessage: "e".repeat(900) } }),
  );
  assert.ok(entry.kind === "ended");
  assert.equal(entry.call.model.length, 160);
  assert.equal(entry.call.surface, "a b");
  assert.equal(entry.call.errorMessage.length, 500);
});
