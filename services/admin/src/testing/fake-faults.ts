import { Code } from "@connectrpc/connect";
import { defineFaults } from "@tollgate/kit/fault/fault";

/** Faults as the real services raise them. */
export const fakeFaults = defineFaults("quota.tollgate", {
  USER_NOT_FOUND: { owner: "caller", code: Code.NotFound, sentence: "There is no such user." },
  CODE_UNKNOWN: { owner: "caller", code: Code.NotFound, sentence: "There is no such code." },
  PAYMENT_CONFLICT: {
    owner: "caller",
    code: Code.AlreadyExists,
    sentence: "Told with another content before.",
  },
  CALL_NOT_FOUND: { owner: "caller", code: Code.NotFound, sentence: "There is no such call." },
  KEY_NOT_FOUND: { owner: "caller", code: Code.NotFound, sentence: "There is no such key." },
  CHANNEL_NOT_FOUND: {
    owner: "caller",
    code: Code.NotFound,
    sentence: "There is no such channel.",
  },
  JOURNAL_NOT_FOUND: {
    owner: "caller",
    code: Code.NotFound,
    sentence: "There is no such journal.",
  },
  JOB_NOT_FOUND: { owner: "caller", code: Code.NotFound, sentence: "There is no such job." },
  JOB_RUNS: { owner: "caller", code: Code.AlreadyExists, sentence: "Such a job is running." },
  OPTION_UNKNOWN: { owner: "caller", code: Code.NotFound, sentence: "There is no such option." },
  OPTION_INVALID: { owner: "caller", code: Code.InvalidArgument, sentence: "Not a number." },
  ROOT_EXISTS: { owner: "caller", code: Code.AlreadyExists, sentence: "Root exists." },
  ROOT_IMMUNE: { owner: "caller", code: Code.FailedPrecondition, sentence: "Not to root." },
  USERNAME_TAKEN: { owner: "caller", code: Code.AlreadyExists, sentence: "The name is taken." },
  BALANCE_EXHAUSTED: {
    owner: "caller",
    code: Code.FailedPrecondition,
    sentence: "There is not that much to take.",
  },
  CREDENTIALS_WRONG: {
    owner: "caller",
    code: Code.Unauthenticated,
    sentence: "The name or the password is wrong.",
  },
  SERVICE_AWAY: { owner: "platform", code: Code.Unavailable, sentence: "Away." },
});
