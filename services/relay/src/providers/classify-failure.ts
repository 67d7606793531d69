import type { FaultKind, UpstreamFault } from "#conversation/upstream-fault.ts";
import { readErrorBody, readErrorValue } from "#providers/error-body.ts";
import type { ErrorBody } from "#providers/error-body.ts";
import { COMMON_RULES, STATUS_RULES } from "#providers/failure-rules.ts";
import type { FailureRule } from "#providers/failure-rules.ts";
import type { FailedReply } from "#providers/provider.ts";

/**
 * Decides whose matter a failed try is. What an upstream says in its body goes before its HTTP status, since many put
 * money, credentials and their own load under one status.
 */
export function classifyFailure(
  reply: FailedReply,
  vendorRules: readonly FailureRule[] = [],
): UpstreamFault {
  const error = readErrorBody(reply.body);
  const fault = classify(error, reply.status, vendorRules);
  const retryAfterMs = retryAfterOf(reply.headers);
  return retryAfterMs === undefined ? fault : { ...fault, retryAfterMs };
}

/** The same for an error that came inside a 2xx answer, whole or as an event. */
export function classifyErrorValue(
  value: unknown,
  vendorRules: readonly FailureRule[] = [],
): UpstreamFault {
  const error = readErrorValue(value);
  const statusInside = /^[45]\d\d$/u.test(error.code) ? Number(error.code) : 200;
  return { ...classify(error, statusInside, vendorRules), status: 200 };
}

/** A 2xx answer that is not what the dialect promises. */
export function protocolFault(reason: string, message: string): UpstreamFault {
  return { kind: "protocol", status: 200, reason, message };
}

/** A stream that ended before the upstream said that the reply is complete. */
export function streamCut(): UpstreamFault {
  return {
    kind: "transient",
    status: 200,
    reason: "STREAM_CUT",
    message: "The upstream ended its stream before the reply was complete.",
  };
}

function classify(
  error: ErrorBody,
  status: number,
  vendorRules: readonly FailureRule[],
): UpstreamFault {
  const rule = findRule(error, status, vendorRules);
  const message = shown(error.message, MESSAGE_LENGTH_MAX);
  return {
    kind: rule.kind,
    status,
    reason: rule.reason,
    message: message === "" ? silentMessage(status, error.isJson) : message,
    ...(error.type === "" ? {} : { upstreamType: shown(error.type, NAME_LENGTH_MAX) }),
    ...(error.code === "" ? {} : { upstreamCode: shown(error.code, NAME_LENGTH_MAX) }),
    ...(error.param === "" ? {} : { upstreamParam: shown(error.param, NAME_LENGTH_MAX) }),
  };
}

function findRule(
  error: ErrorBody,
  status: number,
  vendorRules: readonly FailureRule[],
): Pick<FailureRule, "kind" | "reason"> {
  const said: Said = {
    status,
    message: error.message.toLowerCase(),
    names: [error.type.toLowerCase(), error.code.toLowerCase()],
  };
  // A page of a proxy in between says nothing about the key or the caller, whatever its status.
  if (!error.isJson && status < 500 && status !== 429 && status !== 408) {
    return { kind: "protocol", reason: "NOT_JSON" };
  }
  return (
    vendorRules.find((rule) => isMet(rule, said)) ??
    COMMON_RULES.find((rule) => isMet(rule, said)) ??
    STATUS_RULES.find((rule) => isMet(rule, said)) ??
    ruleOfStatusClass(status)
  );
}

interface Said {
  readonly status: number;
  readonly message: string;
  readonly names: readonly string[];
}

function isMet(rule: FailureRule, said: Said): boolean {
  return (
    (rule.statuses === undefined || rule.statuses.includes(said.status)) &&
    (rule.names === undefined || rule.names.some((name) => said.names.includes(name))) &&
    (rule.texts === undefined || rule.texts.some((text) => said.message.includes(text)))
  );
}

function ruleOfStatusClass(status: number): { kind: FaultKind; reason: string } {
  if (status >= 500 || status < 300) {
    return { kind: "transient", reason: "SERVER_ERROR" };
  }
  return status >= 400
    ? { kind: "caller", reason: "BAD_REQUEST" }
    : { kind: "protocol", reason: "REDIRECTED" };
}

const MESSAGE_LENGTH_MAX = 500;
const NAME_LENGTH_MAX = 100;

function silentMessage(status: number, isJson: boolean): string {
  return isJson
    ? `bad response status code ${status}`
    : `The upstream answered with status ${status} and a body that is not JSON.`;
}

/** What looks like a credential: some upstreams repeat the key that they refuse. */
const SECRET_SHAPES =
  /\b(?:sk|rk|pk|ak|gsk|xai|fastgpt|bce)[-_][\w*.\-/]{6,}|\bAIza[\w-]{10,}|\bBearer\s+\S+|(?=[\w+=.-]*\d)[\w+=.-]{40,}/giu;

/** The start of the text without what looks like a credential. What is looked at is bounded, as the pattern backtracks. */
function shown(text: string, lengthMax: number): string {
  return text
    .slice(0, 2 * lengthMax)
    .replace(SECRET_SHAPES, "***")
    .slice(0, lengthMax);
}

const RETRY_AFTER_MS_MAX = 24 * 60 * 60 * 1000;

/** How long the upstream asks to wait. A date is read against the answer's own clock. */
function retryAfterOf(headers: FailedReply["headers"]): number | undefined {
  const ms = durationOf(headers["retry-after-ms"], 1);
  if (ms !== undefined) {
    return ms;
  }
  const value = headers["retry-after"];
  const seconds = durationOf(value, 1000);
  if (seconds !== undefined || value === undefined) {
    return seconds;
  }
  const wait = Date.parse(value) - Date.parse(headers["date"] ?? "");
  return Number.isNaN(wait) ? undefined : clampWait(wait);
}

function durationOf(value: string | undefined, unitMs: number): number | undefined {
  if (value === undefined || !/^\s*\d{1,12}(?:\.\d{1,6})?\s*$/u.test(value)) {
    return undefined;
  }
  return clampWait(Math.ceil(Number(value) * unitMs));
}

function clampWait(waitMs: number): number {
  return Math.min(Math.max(waitMs, 0), RETRY_AFTER_MS_MAX);
}
