import { formatUsd, nanoUsd } from "@tollgate/kit/money/nano-usd";
import type { Logger } from "@tollgate/kit/logging/logger";
import { completionTokensOf, promptTokensOf } from "#conversation/token-usage.ts";
import type { CallEnd } from "#ledgering/call-record.ts";
import type { IncomingCall } from "#pipeline/incoming-call.ts";

const usdDigits = 9;

/** The one wide line of a call. No key, no prompt, no answer. */
export function logCall(logger: Logger, call: IncomingCall, end: CallEnd): void {
  if (!logger.isLevelEnabled("info")) {
    return;
  }
  logger.info(
    {
      requestId: call.idText,
      userId: call.grant.userId,
      keyId: call.grant.keyId,
      group: call.grant.group,
      surface: call.surface.name,
      model: call.brief.model,
      upstreamModel: end.pricedModel,
      channelId: end.channelId,
      tries: end.attempts.length,
      stream: call.brief.stream,
      status: end.status,
      basis: end.basis,
      promptTokens: promptTokensOf(end.usage),
      cachedTokens: end.usage.cacheReadTokens,
      completionTokens: completionTokensOf(end.usage),
      costUsd: formatUsd(nanoUsd(end.costNanos), usdDigits),
      ttftMs: end.ttftMs,
      durationMs: end.durationMs,
      ...(end.isEstimated ? { estimated: true } : {}),
      ...(end.errorReason === "" ? {} : { reason: end.errorReason }),
    },
    "call relayed",
  );
}
