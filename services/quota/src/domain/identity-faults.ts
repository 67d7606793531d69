import { Code } from "@connectrpc/connect";
import type { FaultDefinition } from "@tollgate/kit/fault/fault";

/** Faults of users, passwords, keys, options and the log. */
export const identityFaults = {
  USER_NOT_FOUND: {
    owner: "caller",
    code: Code.NotFound,
    sentence: "There is no such user.",
  },
  USERNAME_TAKEN: {
    owner: "caller",
    code: Code.AlreadyExists,
    sentence: "This username is taken.",
  },
  USERNAME_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence:
      "A username has 1 to 64 characters: letters of any script, digits and the characters _ . @ -",
  },
  DISPLAY_NAME_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "A display name has at most 64 characters and no control characters.",
  },
  EMAIL_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "This is not an e-mail address.",
  },
  EMAIL_TAKEN: {
    owner: "caller",
    code: Code.AlreadyExists,
    sentence: "This e-mail address belongs to another account.",
  },
  GROUP_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "A group has 1 to 32 characters, without commas, white space and control characters.",
  },
  ROLE_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "A role is 1 (common) or 10 (admin).",
  },
  STATUS_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "A status is enabled or disabled.",
  },
  PASSWORD_TOO_SHORT: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "A password has at least 8 characters.",
  },
  PASSWORD_TOO_LONG: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "A password has at most 128 characters.",
  },
  PASSWORD_CHECK_BUSY: {
    owner: "platform",
    code: Code.ResourceExhausted,
    sentence: "Too many people are signing in just now. Please try again.",
  },
  CREDENTIALS_INVALID: {
    owner: "caller",
    code: Code.Unauthenticated,
    sentence: "The username or the password is wrong.",
  },
  ACCESS_TOKEN_INVALID: {
    owner: "caller",
    code: Code.Unauthenticated,
    sentence: "The access token is not valid.",
  },
  ACCESS_TOKEN_FORMAT: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "An access token to set has 16 to 128 visible ASCII characters.",
  },
  ROOT_EXISTS: {
    owner: "caller",
    code: Code.AlreadyExists,
    sentence: "The root user exists already.",
  },
  ROOT_PROTECTED: {
    owner: "caller",
    code: Code.FailedPrecondition,
    sentence: "The root user cannot be disabled, demoted or deleted.",
  },
  KEY_NOT_FOUND: {
    owner: "caller",
    code: Code.NotFound,
    sentence: "There is no such key.",
  },
  KEY_NAME_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "A key's name has at most 64 characters and no control characters.",
  },
  KEY_SECRET_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "A key to set has 8 to 256 visible ASCII characters.",
  },
  KEY_SECRET_TAKEN: {
    owner: "caller",
    code: Code.AlreadyExists,
    sentence: "This key is in use already.",
  },
  KEY_EXPIRY_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "An expiry is a moment in seconds since 1970, or -1 for never.",
  },
  KEY_CAP_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "What is left of a key's cap cannot be below zero or above 10^18 nano-USD.",
  },
  KEY_MODELS_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "A key allows at most 1000 models of 1 to 128 characters each, without commas.",
  },
  KEY_SUBNETS_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "A key allows at most 64 networks, each in the form 192.0.2.0/24 or 2001:db8::/32.",
  },
  KEY_EXPIRED: {
    owner: "caller",
    code: Code.FailedPrecondition,
    sentence: "The key has expired. Set a later expiry before you enable it.",
  },
  KEY_EXHAUSTED: {
    owner: "caller",
    code: Code.FailedPrecondition,
    sentence: "The key's cap is spent. Raise it before you enable the key.",
  },
  KEY_LIMIT_REACHED: {
    owner: "caller",
    code: Code.ResourceExhausted,
    sentence: "This user has as many keys as are allowed.",
  },
  OPTION_UNKNOWN: {
    owner: "caller",
    code: Code.NotFound,
    sentence: "There is no such option.",
  },
  OPTION_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "This value is not valid for the option.",
  },
  LIST_RANGE_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "A page skips at most 1,000,000 rows and holds at most 200.",
  },
  SORT_UNKNOWN: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "The list cannot be sorted by this field.",
  },
  LOG_FILTER_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "The filter of the log is not valid.",
  },
  ACTIVITY_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "The log row is not valid.",
  },
} as const satisfies Readonly<Record<string, FaultDefinition>>;
