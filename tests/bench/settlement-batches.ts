import { create, toBinary } from "@bufbuild/protobuf";
import { uuidV7Bytes } from "@tollgate/kit/ids/uuid-v7";
import { JournalRecordSchema } from "@tollgate/proto/quota/v1/journal_record";
import { Basis } from "@tollgate/proto/type/v1/usage";

/** Rows that a batch makes, which is one transaction. */
export const ROWS_PER_BATCH = 500;
/** What every call costs: 20 input and 40 output tokens of gpt-4o-mini, nano-USD. */
export const CALL_NANOS = 27_000n;
// The start of every call has a number as well; a relay leaves it out when the call has ended.
const RECORDS_PER_CALL = 2;
const HEADER_BYTES = 8;

/** Who calls, and the lease that pays. */
export interface Caller {
  readonly userId: bigint;
  readonly keyId: bigint;
  readonly leaseNo: number;
}

/** A stretch of a journal as a relay ships it. */
export interface Batch {
  readonly fromSeq: bigint;
  readonly nextSeq: bigint;
  readonly packedRecords: Uint8Array<ArrayBuffer>;
}

/** Prepares batches that follow each other, their calls spread evenly over the callers. */
export function prepareBatches(
  count: number,
  { callers, priceVersion }: { readonly callers: readonly Caller[]; readonly priceVersion: bigint },
): readonly Batch[] {
  const length = ROWS_PER_BATCH * RECORDS_PER_CALL;
  return Array.from({ length: count }, (_, index) => {
    const parts: Uint8Array[] = [];
    for (let row = 0; row < ROWS_PER_BATCH; row += 1) {
      const caller = callers[row % callers.length];
      if (caller !== undefined) {
        const record = recordOf(caller, priceVersion);
        const header = Buffer.alloc(HEADER_BYTES);
        header.writeUInt32LE(row * RECORDS_PER_CALL + 1, 0);
        header.writeUInt32LE(record.length, 4);
        parts.push(header, record);
      }
    }
    return {
      fromSeq: BigInt(index * length),
      nextSeq: BigInt((index + 1) * length),
      packedRecords: Buffer.concat(parts),
    };
  });
}

function recordOf({ userId, keyId, leaseNo }: Caller, priceVersion: bigint): Uint8Array {
  const startedAtMs = Date.now();
  const start = {
    requestId: uuidV7Bytes(startedAtMs),
    epoch: 1,
    leaseNo,
    userId,
    keyId,
    group: "default",
    model: "gpt-4o-mini",
    pricedModel: "gpt-4o-mini",
    channelType: 1,
    channelId: 1n,
    priceVersion,
    estimateNanos: 2n * CALL_NANOS,
    inputEstimateTokens: 150,
    stream: false,
    surface: "openai-chat",
    startedAtMs: BigInt(startedAtMs),
    clientIp: "127.0.0.1",
  };
  const ended = {
    start,
    usage: { inputTokens: 20, outputTokens: 40, calls: 1 },
    basis: Basis.USAGE,
    costNanos: CALL_NANOS,
    channelId: 1n,
    channelType: 1,
    pricedModel: "gpt-4o-mini",
    attempts: [{ channelId: 1n, status: 200, elapsedMs: 2 }],
    upstreamId: "chatcmpl-bench",
    status: 200,
    ttftMs: 2,
    durationMs: 2,
  };
  return toBinary(
    JournalRecordSchema,
    create(JournalRecordSchema, { record: { case: "ended", value: ended } }),
  );
}
