import type { Timer } from "@tollgate/kit/clock/clock";
import type { ChatReply } from "#conversation/chat-reply.ts";
import type { TokenUsage } from "#conversation/token-usage.ts";
import { NO_USAGE } from "#conversation/token-usage.ts";
import { isCountable } from "#ledgering/call-record.ts";
import { limits } from "#limits.ts";
import type { AnsweredAttempt, AttemptOutcome } from "#pipeline/attempt.ts";
import { endDurable, noteSuccess, served } from "#pipeline/attempt.ts";
import { tokensOfContent } from "#pipeline/estimate.ts";
import type { ReplyFacts } from "#providers/provider.ts";
import { parseReply } from "#upstream/parse-reply.ts";
import { readWhole } from "#upstream/read-whole.ts";

/** Makes sense of a whole reply: what it tells, and what the client gets. */
export type WholeDialect = (
  json: unknown,
  bytes: Uint8Array,
) => { readonly facts: ReplyFacts; readonly answer: () => Uint8Array | string };

/**
 * Serves a call with a whole reply. The upstream is read to its end also when the client has left, for it charges for the
 * whole reply; the time for that is bounded.
 */
export async function serveWhole(
  attempt: AnsweredAttempt,
  dialect: WholeDialect,
): Promise<AttemptOutcome> {
  const { ports, call, exchange, reply, settlement } = attempt;
  const abort = (): void => exchange.abort();
  let draining: Timer | undefined;
  call.client.onGone(() => {
    draining = ports.clock.setTimeout(abort, limits.drainMs);
  });
  const bytes = await readWhole(reply, { bytesMax: limits.replyBytesMax, abort });
  draining?.cancel();
  if (!Buffer.isBuffer(bytes)) {
    return { kind: "failed", fault: bytes.fault };
  }
  const json = parseReply(bytes);
  if (json.kind === "fault") {
    return { kind: "failed", fault: json.fault };
  }
  const { facts, answer } = dialect(json.value, bytes);
  if (facts.fault !== undefined) {
    return { kind: "failed", fault: facts.fault };
  }
  const body = answer();
  const isReported = facts.usage !== undefined && isCountable(facts.usage);
  const isGone = call.client.isGone();
  noteSuccess(attempt, reply.status);
  const seq = settlement.end({
    basis: basisOf(isReported, isGone),
    usage: isReported ? facts.usage : countUsage(facts, settlement.start.inputEstimateTokens),
    status: isGone ? 499 : reply.status,
    upstreamId: facts.upstreamId,
  });
  await endDurable(ports, seq);
  call.client.sendWhole({ status: reply.status, contentType: "application/json", body });
  return served;
}

/** The facts of a reply in the canonical conversation. */
export function factsOfChatReply(reply: ChatReply): ReplyFacts {
  return {
    upstreamId: reply.id,
    ...(reply.usage === undefined ? {} : { usage: reply.usage }),
    ...(reply.fault === undefined ? {} : { fault: reply.fault }),
    outputText: () => reply.parts.map(textOfPart).join(""),
  };
}

function textOfPart(part: ChatReply["parts"][number]): string {
  switch (part.kind) {
    case "text":
    case "thinking":
    case "refusal":
      return part.text;
    case "redacted-thinking":
      return "";
    case "tool-call":
      return part.arguments;
  }
}

function basisOf(isReported: boolean, isGone: boolean): "usage" | "drained" | "counted" {
  if (!isReported) {
    return "counted";
  }
  return isGone ? "drained" : "usage";
}

function countUsage(facts: ReplyFacts, inputTokens: number): TokenUsage {
  const outputTokens = tokensOfContent(Buffer.byteLength(facts.outputText()));
  return { ...NO_USAGE, inputTokens, outputTokens };
}
