import { Code } from "@connectrpc/connect";
import { defineFaults } from "@tollgate/kit/fault/fault";

/** Everything that stops a call on this side of the upstream. Statuses and error bodies: `http/problem.ts`. */
export const relayFaults = defineFaults("relay.tollgate", {
  KEY_MISSING: {
    owner: "caller",
    code: Code.Unauthenticated,
    sentence: "No API key was given.",
  },
  KEY_UNKNOWN: {
    owner: "caller",
    code: Code.Unauthenticated,
    sentence: "The API key is not valid.",
  },
  KEY_DISABLED: {
    owner: "caller",
    code: Code.Unauthenticated,
    sentence: "The API key is not usable.",
  },
  KEY_EXPIRED: {
    owner: "caller",
    code: Code.Unauthenticated,
    sentence: "The API key has expired.",
  },
  KEY_EXHAUSTED: {
    owner: "caller",
    code: Code.Unauthenticated,
    sentence: "The quota of the API key is exhausted.",
  },
  ADDRESS_NOT_ALLOWED: {
    owner: "caller",
    code: Code.PermissionDenied,
    sentence: "The API key may not be used from this address.",
  },
  USER_BANNED: {
    owner: "caller",
    code: Code.PermissionDenied,
    sentence: "The user is banned.",
  },
  MODEL_NOT_ALLOWED: {
    owner: "caller",
    code: Code.PermissionDenied,
    sentence: "The API key may not use this model.",
  },
  CHANNEL_PIN_NOT_ALLOWED: {
    owner: "caller",
    code: Code.PermissionDenied,
    sentence: "Ordinary users cannot choose a channel.",
  },
  CHANNEL_ID_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "Invalid channel id.",
  },
  CHANNEL_DISABLED: {
    owner: "caller",
    code: Code.PermissionDenied,
    sentence: "The channel is disabled.",
  },
  NO_CHANNEL: {
    owner: "platform",
    code: Code.Unavailable,
    sentence: "No channel is available for this model.",
  },
  PRICE_UNKNOWN: {
    owner: "caller",
    code: Code.NotFound,
    sentence: "The model has no price and cannot be called.",
  },
  BALANCE_EXHAUSTED: {
    owner: "caller",
    code: Code.FailedPrecondition,
    sentence: "The balance is not enough.",
  },
  KEY_CAP_EXHAUSTED: {
    owner: "caller",
    code: Code.FailedPrecondition,
    sentence: "The quota of the API key is not enough.",
  },
  MONEY_UNREACHABLE: {
    owner: "platform",
    code: Code.Unavailable,
    sentence: "The balance cannot be looked up just now. Please try again.",
  },
  BODY_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "The request's body is not valid JSON.",
  },
  BODY_TOO_LARGE: {
    owner: "caller",
    code: Code.ResourceExhausted,
    sentence: "The request's body is too large.",
  },
  BODY_TOO_SLOW: {
    owner: "caller",
    code: Code.DeadlineExceeded,
    sentence: "The request's body did not arrive in time.",
  },
  BODY_ENCODING: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "The request's content encoding is not supported or its data is damaged.",
  },
  IDEMPOTENCY_KEY_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "An Idempotency-Key has 1 to 255 characters.",
  },
  IDEMPOTENCY_KEY_IN_USE: {
    owner: "caller",
    code: Code.AlreadyExists,
    sentence: "The first call with this Idempotency-Key is still running.",
  },
  IDEMPOTENCY_KEY_REUSED: {
    owner: "caller",
    code: Code.AlreadyExists,
    sentence: "This Idempotency-Key was used before.",
  },
  CLIENT_GONE: {
    owner: "caller",
    code: Code.Canceled,
    sentence: "The client closed the connection.",
  },
  OVERLOADED: {
    owner: "platform",
    code: Code.Unavailable,
    sentence: "Too many calls at once. Please try again.",
  },
  NOT_READY: {
    owner: "platform",
    code: Code.Unavailable,
    sentence: "The service is starting or stopping. Please try again.",
  },
  URL_UNKNOWN: {
    owner: "caller",
    code: Code.NotFound,
    sentence: "Invalid URL.",
  },
  NOT_IMPLEMENTED: {
    owner: "caller",
    code: Code.Unimplemented,
    sentence: "API not implemented",
  },
});
