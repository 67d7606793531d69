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
