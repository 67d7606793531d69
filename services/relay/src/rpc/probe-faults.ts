import { Code } from "@connectrpc/connect";
import { defineFaults } from "@tollgate/kit/fault/fault";

/** What ProbeService answers instead of a value. */
export const probeFaults = defineFaults("probe.relay.tollgate", {
  CHANNEL_NOT_FOUND: {
    owner: "caller",
    code: Code.NotFound,
    sentence: "The relay does not know this channel.",
  },
  TYPE_UNSUPPORTED: {
    owner: "caller",
    code: Code.FailedPrecondition,
    sentence: "Channels of this type cannot be called by this build.",
  },
  MODELS_UNSUPPORTED: {
    owner: "caller",
    code: Code.FailedPrecondition,
    sentence: "Channels of this type cannot list their models.",
  },
  BALANCE_UNSUPPORTED: {
    owner: "caller",
    code: Code.FailedPrecondition,
    sentence: "Channels of this type cannot tell their balance.",
  },
  UPSTREAM_FAILED: {
    owner: "upstream",
    code: Code.Unavailable,
    sentence: "The upstream failed.",
  },
});
