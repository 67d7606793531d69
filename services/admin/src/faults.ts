import { Code } from "@connectrpc/connect";
import { defineFaults } from "@tollgate/kit/fault/fault";

/** The domain of the faults that the management API itself raises. */
export const adminDomain = "admin.tollgate";

/** The closed list of this service's faults. */
export const adminFaults = defineFaults(adminDomain, {
  NOT_SIGNED_IN: {
    owner: "caller",
    code: Code.Unauthenticated,
    sentence: "You are not signed in and no access token was sent.",
  },
  ACCESS_TOKEN_INVALID: {
    owner: "caller",
    code: Code.Unauthenticated,
    sentence: "The access token is not valid.",
  },
  USER_BANNED: {
    owner: "caller",
    code: Code.PermissionDenied,
    sentence: "This account has been disabled.",
  },
  ROLE_INSUFFICIENT: {
    owner: "caller",
    code: Code.PermissionDenied,
    sentence: "Your role does not allow this.",
  },
  TARGET_OUT_OF_REACH: {
    owner: "caller",
    code: Code.PermissionDenied,
    sentence: "You can only manage users whose role is lower than yours.",
  },
  CROSS_SITE: {
    owner: "caller",
    code: Code.PermissionDenied,
    sentence:
      "The request did not come from this site. Use an access token to call the API from elsewhere.",
  },
  TOO_MANY_ATTEMPTS: {
    owner: "caller",
    code: Code.ResourceExhausted,
    sentence: "Too many attempts. Please wait a moment.",
  },
  RATE_LIMITED: {
    owner: "caller",
    code: Code.ResourceExhausted,
    sentence: "Too many requests. Please slow down.",
  },
  STREAMS_EXHAUSTED: {
    owner: "caller",
    code: Code.ResourceExhausted,
    sentence: "Too many live views are open. Close one of them first.",
  },
  USER_NOT_FOUND: {
    owner: "caller",
    code: Code.NotFound,
    sentence: "There is no such user.",
  },
  PARAMETER_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "A parameter is not valid.",
  },
  PROBE_FAILED: {
    owner: "upstream",
    code: Code.FailedPrecondition,
    sentence: "The upstream did not answer the test.",
  },
  SETUP_DONE: {
    owner: "caller",
    code: Code.FailedPrecondition,
    sentence: "The root user exists already. Please sign in.",
  },
  SETUP_CODE_WRONG: {
    owner: "caller",
    code: Code.PermissionDenied,
    sentence:
      "The setup code is wrong or has expired. The valid one is in the file setup-code in the data directory.",
  },
  PASSWORD_LOGIN_CLOSED: {
    owner: "caller",
    code: Code.FailedPrecondition,
    sentence: "The administrator has switched off signing in with a password.",
  },
  REGISTRATION_CLOSED: {
    owner: "caller",
    code: Code.FailedPrecondition,
    sentence: "The administrator has switched off registration.",
  },
  OPTION_UNKNOWN: {
    owner: "caller",
    code: Code.NotFound,
    sentence: "There is no such option.",
  },
  OPTION_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "The value does not fit the option.",
  },
  PAYMENT_PROVIDER_UNKNOWN: {
    owner: "caller",
    code: Code.NotFound,
    sentence: "There is no such payment provider.",
  },
  PAYMENT_SIGNATURE_INVALID: {
    owner: "caller",
    code: Code.Unauthenticated,
    sentence: "The signature is wrong, or its timestamp is more than five minutes away from now.",
  },
  PAYMENT_EVENT_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "The payment event is not valid.",
  },
  FEATURE_ABSENT: {
    owner: "caller",
    code: Code.FailedPrecondition,
    sentence: "This version does not have the feature behind that switch.",
  },
});
