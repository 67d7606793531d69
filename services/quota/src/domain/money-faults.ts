import { Code } from "@connectrpc/connect";
import type { FaultDefinition } from "@tollgate/kit/fault/fault";

/** Faults of wallets, leases, journals, the ledger and prices. */
export const moneyFaults = {
  WALLET_NOT_FOUND: {
    owner: "caller",
    code: Code.NotFound,
    sentence: "There is no such wallet.",
  },
  BALANCE_EXHAUSTED: {
    owner: "caller",
    code: Code.FailedPrecondition,
    sentence: "More than the available balance cannot be taken.",
  },
  AMOUNT_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "The amount must not be zero, nor beyond what a wallet can hold.",
  },
  ADJUSTMENT_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence:
      "An adjustment needs a request id of 1 to 64 characters, a kind, and a remark of at most 255 characters.",
  },
  REQUEST_ID_REUSED: {
    owner: "caller",
    code: Code.AlreadyExists,
    sentence: "This request id was used for another adjustment.",
  },
  COST_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "What a channel charges is not valid.",
  },
  EFFECTIVE_TIME_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "Prices can be published for at once or for a moment in the next 366 days.",
  },
  CREDIT_EXPIRY_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "Credit that is added can expire at a later moment only.",
  },
  REASON_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "A reason of 1 to 200 characters is needed.",
  },
  BALANCE_NOT_NEGATIVE: {
    owner: "caller",
    code: Code.FailedPrecondition,
    sentence: "There is nothing to write off: the balance is not below zero.",
  },
  CALL_NOT_FOUND: {
    owner: "caller",
    code: Code.NotFound,
    sentence: "There is no settled call with this id.",
  },
  LOG_DATABASE_AWAY: {
    owner: "platform",
    code: Code.Unavailable,
    sentence:
      "Calls of that time are in the log database, which does not answer. Newer calls can be read; please try again later.",
  },
  REFUND_EXCEEDS_CHARGE: {
    owner: "caller",
    code: Code.FailedPrecondition,
    sentence: "No more can be given back than the call cost.",
  },
  PAYMENT_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "The payment event is not valid.",
  },
  PAYMENT_CONFLICT: {
    owner: "caller",
    code: Code.AlreadyExists,
    sentence: "This event or this payment was told with another content before.",
  },
  PAYMENT_UNKNOWN: {
    owner: "caller",
    code: Code.FailedPrecondition,
    sentence: "The payment of which money went back is not known.",
  },
  PAYMENT_EXCEEDED: {
    owner: "caller",
    code: Code.FailedPrecondition,
    sentence: "No more can go back than was paid.",
  },
  CODE_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence:
      "Codes need a name of 1 to 64 characters, a count of 1 to 100 and an amount above zero.",
  },
  CODE_EXPIRY_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "A code's expiry is a moment to come, or 0 for never.",
  },
  CODE_UNKNOWN: {
    owner: "caller",
    code: Code.NotFound,
    sentence: "This redemption code is not valid.",
  },
  CODE_USED: {
    owner: "caller",
    code: Code.FailedPrecondition,
    sentence: "This redemption code has been used.",
  },
  CODE_DISABLED: {
    owner: "caller",
    code: Code.FailedPrecondition,
    sentence: "This redemption code has been disabled.",
  },
  CODE_EXPIRED: {
    owner: "caller",
    code: Code.FailedPrecondition,
    sentence: "This redemption code has expired.",
  },
  JOURNAL_UNKNOWN: {
    owner: "platform",
    code: Code.FailedPrecondition,
    sentence: "The journal is not registered with this epoch. Say hello first.",
  },
  EPOCH_FENCED: {
    owner: "platform",
    code: Code.Aborted,
    sentence: "A newer process owns the journal.",
  },
  JOURNAL_NOT_FOUND: {
    owner: "caller",
    code: Code.NotFound,
    sentence: "There is no such journal.",
  },
  JOURNAL_ALIVE: {
    owner: "caller",
    code: Code.FailedPrecondition,
    sentence:
      "The journal's relay was heard of within the last minute. Only a journal that is gone can be closed.",
  },
  SESSION_REQUEST_INVALID: {
    owner: "platform",
    code: Code.InvalidArgument,
    sentence: "The request of the session is not valid.",
  },
  SESSION_OVERLOADED: {
    owner: "platform",
    code: Code.ResourceExhausted,
    sentence: "The session has too many requests under way.",
  },
  RECORD_UNREADABLE: {
    owner: "platform",
    code: Code.InvalidArgument,
    sentence: "A journal record cannot be read by this version; nothing of the batch was applied.",
  },
  PRICE_VERSION_UNKNOWN: {
    owner: "caller",
    code: Code.NotFound,
    sentence: "There is no price book of this version.",
  },
} as const satisfies Readonly<Record<string, FaultDefinition>>;
