import type { FaultKind } from "#conversation/upstream-fault.ts";

/** One row of a table of failures: everything that it names must hold. */
export interface FailureRule {
  readonly kind: FaultKind;
  /** UPPER_SNAKE_CASE. */
  readonly reason: string;
  readonly statuses?: readonly number[];
  /** The upstream's `type` or `code` is one of these, in lower case. */
  readonly names?: readonly string[];
  /** The upstream's sentence contains one of these, in lower case. */
  readonly texts?: readonly string[];
}

/**
 * What upstreams say in their bodies; the first row that holds wins. Words are matched only where a sentence of the
 * caller's is not repeated by the upstream: plain `credit` or `balance` would also hit validation messages.
 */
export const COMMON_RULES: readonly FailureRule[] = [
  { kind: "transient", reason: "BUDGET_IN_FLIGHT", names: ["in_flight_budget_exhausted"] },
  { kind: "caller", reason: "REQUEST_TOO_LARGE", names: ["weight_exceeds_budget"] },
  {
    kind: "funds",
    reason: "NO_FUNDS",
    names: [
      "insufficient_quota",
      "credit_balance_exhausted",
      "organization_spend_limit_exceeded",
      "project_spend_limit_exceeded",
      "organization_usage_limit_exceeded",
      "billing_not_active",
      "billing_hard_limit_reached",
      "billing_error",
      "payment_required",
      "enforced_spend_limit_reached",
      "contract_spend_limit_reached",
      "linked_organization_billing_unavailable",
      "linked_organization_spend_limit_reached",
      "exceeded_current_quota_error",
      "accountoverdueerror",
      "operationdenied.serviceoverdue",
      "setlimitexceeded",
      "quotaexceeded",
      "arrearage",
      "billing_insufficient_balance",
      "not_enough_balance",
      "provider_quota_exceeded",
    ],
  },
  {
    kind: "funds",
    reason: "NO_FUNDS",
    statuses: [400, 403, 429],
    texts: [
      "credit balance is too low",
      "specified api usage limits",
      "specified workspace api usage limits",
      "used all available credits",
      "已欠费",
      "余额不足",
      "balance is insufficient",
      "insufficient balance",
    ],
  },
  {
    kind: "credential",
    reason: "CREDENTIAL_REJECTED",
    names: [
      "invalid_api_key",
      "account_deactivated",
      "invalid_organization",
      "authentication_error",
      "invalid_authentication_error",
      "incorrect_api_key_error",
      "authenticationerror",
      "invalidapikey",
      "organization_restricted",
      "organization_on_hold",
      "invalid_iam_token",
      "api_key_invalid",
    ],
  },
  {
    kind: "credential",
    reason: "CREDENTIAL_REJECTED",
    statuses: [400, 401, 403, 429],
    texts: [
      "incorrect api key provided",
      "api key not valid",
      "api key expired",
      "reported as leaked",
      "organization has been disabled",
      "organization has been restricted",
      "account has been deactivated",
      "account is not active",
      "your access was terminated",
      "has been suspended",
    ],
  },
  {
    kind: "protocol",
    reason: "REGION_BLOCKED",
    names: ["unsupported_country_region_territory"],
  },
  {
    kind: "caller",
    reason: "CONTENT_REFUSED",
    names: [
      "content_policy_violation",
      "content_filter",
      "sensitivecontentdetected",
      "inputtextsensitivecontentdetected",
      "inputimagesensitivecontentdetected",
      "datainspectionfailed",
      "data_inspection_failed",
      "unsafe_request",
    ],
  },
  {
    kind: "caller",
    reason: "CONTENT_REFUSED",
    statuses: [403],
    texts: ["flagged", "moderation"],
  },
  {
    kind: "caller",
    reason: "CONTEXT_TOO_LONG",
    names: ["context_length_exceeded", "max_tokens_exceeded", "token_limit_exceeded"],
  },
  {
    kind: "protocol",
    reason: "MODEL_NOT_ALLOWED",
    names: ["model_access_denied", "modelnotopen", "accessdenied", "model.accessdenied"],
  },
  {
    kind: "protocol",
    reason: "MODEL_NOT_ALLOWED",
    statuses: [401, 403],
    texts: ["access to model", "access to the model", "access to this model"],
  },
  {
    kind: "rate-limit",
    reason: "RATE_LIMITED",
    names: [
      "rate_limit_exceeded",
      "rate_limit_error",
      "rate_limit_reached_error",
      "slow_down",
      "ramp_limit_exceeded",
    ],
  },
  {
    kind: "transient",
    reason: "OVERLOADED",
    names: [
      "overloaded_error",
      "server_is_overloaded",
      "service_unavailable_error",
      "engine_overloaded_error",
      "serveroverloaded",
      "provider_overloaded",
      "insufficient_system_resource",
    ],
  },
];

/** What an HTTP status means where the body says nothing of it, or what the error's type means in a 2xx answer. */
export const STATUS_RULES: readonly FailureRule[] = [
  { kind: "credential", reason: "CREDENTIAL_REJECTED", statuses: [401] },
  { kind: "funds", reason: "NO_FUNDS", statuses: [402] },
  { kind: "credential", reason: "PERMISSION_DENIED", statuses: [403] },
  {
    kind: "protocol",
    reason: "MODEL_NOT_FOUND",
    statuses: [200, 400, 404],
    names: ["model_not_found", "model_not_found_error", "20012"],
  },
  { kind: "protocol", reason: "NOT_FOUND", statuses: [404, 405] },
  { kind: "transient", reason: "TIMED_OUT", statuses: [408, 499, 504, 524] },
  { kind: "transient", reason: "BUSY", statuses: [409, 425, 498] },
  { kind: "caller", reason: "REQUEST_TOO_LARGE", statuses: [413] },
  { kind: "rate-limit", reason: "RATE_LIMITED", statuses: [429] },
  { kind: "transient", reason: "OVERLOADED", statuses: [503, 529] },
  {
    kind: "caller",
    reason: "BAD_REQUEST",
    statuses: [200],
    names: ["invalid_request_error", "invalid_request", "invalid_prompt", "request_too_large"],
  },
  { kind: "protocol", reason: "NOT_FOUND", statuses: [200], names: ["not_found_error"] },
  {
    kind: "credential",
    reason: "PERMISSION_DENIED",
    statuses: [200],
    names: ["permission_error", "permission_denied_error", "forbidden"],
  },
  { kind: "transient", reason: "TIMED_OUT", statuses: [200], names: ["timeout_error"] },
];
