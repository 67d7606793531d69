import { uuidV7Bytes } from "@tollgate/kit/ids/uuid-v7";
import type { CallEnd, CallStart, CallUsage } from "#ledgering/call-record.ts";

/** Every bucket holds another number. */
export const aCallUsage: CallUsage = {
  inputTokens: 1,
  cacheReadTokens: 200,
  cacheWrite5mTokens: 3,
  cacheWrite1hTokens: 4,
  outputTokens: 0xffff_ffff,
  reasoningTokens: 6,
  audioInputTokens: 7,
  audioOutputTokens: 8,
  imageInputTokens: 9,
  imageOutputTokens: 10,
  calls: 1,
};

export function aCallStart(more: Partial<CallStart> = {}): CallStart {
  return {
    requestId: uuidV7Bytes(),
    epoch: 1,
    leaseNo: 5,
    userId: 12,
    keyId: 2 ** 33,
    group: "default",
    model: "gpt-test",
    pricedModel: "gpt-test",
    channelType: 1,
    channelId: 3,
    priceVersion: 2,
    estimateNanos: 123_456_789_012,
    inputEstimateTokens: 100,
    stream: true,
    surface: "openai-chat",
    startedAtMs: 1_790_000_000_123,
    clientIp: "127.0.0.1",
    idempotencyHash: new Uint8Array(16).fill(7),
    ...more,
  };
}

export function aCallEnd(more: Partial<CallEnd> = {}): CallEnd {
  return {
    usage: aCallUsage,
    basis: "usage",
    costNanos: 60_000n,
    channelId: 3,
    channelType: 1,
    pricedModel: "gpt-test",
    attempts: [],
    upstreamId: "chatcmpl-1",
    status: 200,
    errorReason: "",
    errorMessage: "",
    ttftMs: 12,
    durationMs: 345,
    systemPromptReset: true,
    isEstimated: true,
    ...more,
  };
}
