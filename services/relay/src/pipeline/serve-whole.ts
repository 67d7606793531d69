import type { Timer } from "@tollgate/kit/clock/clock";
import type { ChatReply } from "#conversation/chat-reply.ts";
import { NO_USAGE } from "#conversation/token-usage.ts";
import { limits } from "#limits.ts";
import type { AnsweredAttempt, AttemptOutcome } from "#pipeline/attempt.ts";
import { endDurable, noteSuccess, served } from "#pipeline/attempt.ts";
import { countCall } from "#pipeline/own-count.ts";
import type { EndFacts } from "#pipeline/settlement.ts";
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
  const { ports, call, exchange, reply, settlement, channel } = attempt;
  const abort = (): void => exchange.abort();
  const drain = new WholeDrain(attempt);
  call.client.onGone(() => drain.begin());
  const bytes = await readWhole(reply, { bytesMax: limits.replyBytesMax, abort });
  call.client.onGone(undefined);
  drain.end();
  if (!Buffer.isBuffer(bytes)) {
    return drain.isGivenUp ? abandon(attempt) : { kind: "failed", fault: bytes.fault };
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
  const isGone = call.client.isGone();
  noteSuccess(attempt, reply.status);
  const usage = ports.usageWatch.accept(channel.id, facts.usage);
  const known: BilledUsage =
    usage === undefined
      ? await countReply(attempt, facts)
      : { basis: isGone ? "drained" : "usage", usage };
  const status = isGone ? 499 : reply.status;
  const seq = settlement.end({ ...known, status, upstreamId: facts.upstreamId });
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

type BilledUsage = Pick<EndFacts, "basis" | "usage" | "isEstimated">;

/** The upstream has not said what it took. */
async function countReply(
  { ports, call, settlement }: AnsweredAttempt,
  facts: ReplyFacts,
): Promise<BilledUsage> {
  const text = facts.outputText();
  const { usage, isEstimated } = await countCall({
    counting: ports.counting,
    model: settlement.pricedModel(),
    body: call.json,
    mediaTokens: settlement.estimate.mediaTokens,
    reported: undefined,
    inputTokens: settlement.start.inputEstimateTokens,
    contentBytes: Buffer.byteLength(text),
    text,
  });
  return { basis: "counted", usage, isEstimated };
}

/** The client has left and its reply is not waited for: the upstream was asked and had begun to answer, so input is billed. */
async function abandon({ settlement, ports, channel }: AnsweredAttempt): Promise<AttemptOutcome> {
  ports.health.succeeded(channel.id);
  const inputTokens = settlement.start.inputEstimateTokens;
  settlement.end({
    basis: "aborted",
    usage: { ...NO_USAGE, inputTokens },
    status: 499,
    errorReason: "CLIENT_GONE",
    isEstimated: true,
  });
  return served;
}

/** What happens to a reply whose client has left. */
class WholeDrain {
  /** The upstream was stopped. */
  isGivenUp = false;
  readonly #attempt: AnsweredAttempt;
  #timer: Timer | undefined;

  constructor(attempt: AnsweredAttempt) {
    this.#attempt = attempt;
  }

  begin(): void {
    const { ports, channel } = this.#attempt;
    if (channel.drainsWhole && ports.drains.take()) {
      this.#timer = ports.clock.setTimeout(() => this.#giveUp(), limits.drainMs);
    } else {
      this.#giveUp();
    }
  }

  end(): void {
    if (this.#timer !== undefined) {
      this.#timer.cancel();
      this.#attempt.ports.drains.release();
    }
  }

  #giveUp(): void {
    this.isGivenUp = true;
    this.#attempt.exchange.abort();
  }
}
