/** Faults as clients see them: One API's statuses, types and codes. */
import type { Logger } from "@tollgate/kit/logging/logger";
import { Fault, isFault, platformDomain } from "@tollgate/kit/fault/fault";
import type { Problem } from "#surfaces/surface.ts";

interface ProblemRow {
  readonly status: number;
  readonly type?: string;
  readonly code?: string;
}

const rows: Readonly<Record<string, ProblemRow>> = {
  KEY_MISSING: { status: 401 },
  KEY_UNKNOWN: { status: 401 },
  KEY_DISABLED: { status: 401 },
  KEY_EXPIRED: { status: 401 },
  KEY_EXHAUSTED: { status: 401 },
  ADDRESS_NOT_ALLOWED: { status: 403 },
  USER_BANNED: { status: 403 },
  MODEL_NOT_ALLOWED: { status: 403 },
  CHANNEL_PIN_NOT_ALLOWED: { status: 403 },
  CHANNEL_ID_INVALID: { status: 400 },
  CHANNEL_DISABLED: { status: 403 },
  NO_CHANNEL: { status: 503 },
  PRICE_UNKNOWN: { status: 404, type: "invalid_request_error", code: "model_not_found" },
  BALANCE_EXHAUSTED: { status: 403, code: "insufficient_user_quota" },
  KEY_CAP_EXHAUSTED: { status: 403, code: "pre_consume_token_quota_failed" },
  MONEY_UNREACHABLE: { status: 503, code: "service_unavailable" },
  BODY_INVALID: { status: 400, type: "invalid_request_error", code: "invalid_text_request" },
  BODY_TOO_LARGE: { status: 413, type: "invalid_request_error", code: "request_too_large" },
  BODY_TOO_SLOW: { status: 408, type: "invalid_request_error", code: "request_timeout" },
  BODY_ENCODING: { status: 400, type: "invalid_request_error", code: "invalid_encoding" },
  IDEMPOTENCY_KEY_INVALID: {
    status: 400,
    type: "invalid_request_error",
    code: "idempotency_key_invalid",
  },
  IDEMPOTENCY_KEY_IN_USE: {
    status: 409,
    type: "invalid_request_error",
    code: "idempotency_key_in_use",
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 409,
    type: "invalid_request_error",
    code: "idempotency_key_reused",
  },
  CLIENT_GONE: { status: 400 },
  OVERLOADED: { status: 503, code: "overloaded" },
  NOT_READY: { status: 503, code: "service_unavailable" },
  URL_UNKNOWN: { status: 404, type: "invalid_request_error", code: "" },
  NOT_IMPLEMENTED: { status: 501, code: "api_not_implemented" },
  INVALID_REQUEST: { status: 400, code: "invalid_text_request" },
  UNSUPPORTED_PARAMETER: { status: 400, code: "unsupported_parameter" },
  UNAVAILABLE: { status: 503, code: "service_unavailable" },
  DEADLINE_EXCEEDED: { status: 503, code: "service_unavailable" },
};

const internal: ProblemRow = { status: 500, code: "internal_error" };
const retryAfterMsDefault = 1000;

export interface ShownProblem {
  readonly problem: Problem;
  readonly retryAfterMs: number | undefined;
  /** The call that this one repeats; `undefined` = it repeats none. */
  readonly firstRequestId: string | undefined;
}

/** What a client is told about whatever stopped its call. A bug is logged here and shown without a word of it. */
export function showError(error: unknown, requestId: string, logger: Logger): ShownProblem {
  const row = isFault(error) ? rows[error.reason] : undefined;
  if (!isFault(error) || row === undefined) {
    logger.error({ err: error, requestId }, "call failed");
    const problem = problemOf(internal, internalFault, requestId);
    return { problem, retryAfterMs: undefined, firstRequestId: undefined };
  }
  if (error.owner === "platform") {
    logger.warn({ err: error, requestId }, "call refused");
  }
  const retryAfterMs = error.retryAfterMs ?? (row.status === 503 ? retryAfterMsDefault : undefined);
  const { firstRequestId } = error.metadata;
  return { problem: problemOf(row, error, requestId), retryAfterMs, firstRequestId };
}

const internalFault = new Fault({
  reason: "INTERNAL",
  domain: platformDomain,
  owner: "platform",
  publicMessage: "Something went wrong on our side.",
  code: 13,
});

function problemOf(row: ProblemRow, fault: Fault, requestId: string): Problem {
  return {
    status: row.status,
    message: fault.publicMessage,
    type: row.type ?? "one_api_error",
    code: fault.metadata["code"] ?? row.code ?? null,
    param: fault.metadata["param"] ?? "",
    requestId,
  };
}
