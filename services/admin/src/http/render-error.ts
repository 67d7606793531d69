/** Turns whatever stopped a request into One API's envelope: HTTP 200 with success:false, but for the few exceptions. */
import type { FastifyBaseLogger, FastifyRequest } from "fastify";
import { Fault } from "@tollgate/kit/fault/fault";
import { adminDomain } from "#faults.ts";
import { failure } from "./envelope.ts";

/** A reply to a request that failed. */
export interface ErrorReply {
  readonly status: number;
  readonly body: ReturnType<typeof failure>;
  readonly retryAfterSeconds?: number;
}

/** The faults of this service that do not travel with HTTP 200. */
const statusOfReason: Readonly<Record<string, number>> = {
  NOT_SIGNED_IN: 401,
  CROSS_SITE: 403,
  TOO_MANY_ATTEMPTS: 429,
  RATE_LIMITED: 429,
  STREAMS_EXHAUSTED: 429,
};

/** What is needed of the request. */
type FailedRequest = Pick<FastifyRequest, "log" | "routeOptions">;

/** What the server framework reports about a request that it could not read. */
interface RequestError {
  readonly code: string;
  readonly statusCode: number;
  readonly message: string;
}

/** The reply for an error. What is nobody's mistake but ours is logged here. */
export function renderError(error: unknown, request: FailedRequest): ErrorReply {
  const { log: logger, routeOptions } = request;
  if (error instanceof Fault) {
    return renderFault(error, logger);
  }
  if (isRequestError(error)) {
    return renderRequestError(error, routeOptions.config.unreadableStatus ?? 200);
  }
  logger.error({ err: error }, "api call failed");
  return { status: 500, body: failure("Something went wrong on our side.") };
}

function renderFault(fault: Fault, logger: FastifyBaseLogger): ErrorReply {
  if (fault.owner === "platform") {
    logger.warn({ err: fault }, "api call could not be served");
  }
  const status = fault.domain === adminDomain ? (statusOfReason[fault.reason] ?? 200) : 200;
  const body = failure(fault.publicMessage);
  return fault.retryAfterMs === undefined
    ? { status, body }
    : { status, body, retryAfterSeconds: Math.ceil(fault.retryAfterMs / 1000) };
}

function renderRequestError(error: RequestError, unreadableStatus: number): ErrorReply {
  switch (error.code) {
    case "FST_ERR_VALIDATION":
      return { status: unreadableStatus, body: failure(`Invalid parameter: ${error.message}`) };
    case "FST_ERR_CTP_INVALID_JSON_BODY":
      return { status: unreadableStatus, body: failure("The body is not valid JSON.") };
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return { status: 413, body: failure("The body is too large.") };
    default:
      return { status: error.statusCode, body: failure(error.message) };
  }
}

function isRequestError(error: unknown): error is RequestError {
  return (
    error instanceof Error &&
    "code" in error &&
    typeof error.code === "string" &&
    "statusCode" in error &&
    typeof error.statusCode === "number" &&
    error.statusCode < 500
  );
}
