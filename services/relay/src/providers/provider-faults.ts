import { Code } from "@connectrpc/connect";
import { defineFaults } from "@tollgate/kit/fault/fault";

/** What providers throw. Everything that an upstream says is a value (`UpstreamFault`) instead. */
export const providerFaults = defineFaults("provider.relay.tollgate", {
  UNSUPPORTED_PARAMETER: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "The request asks for something that this model's provider does not offer.",
  },
  BALANCE_UNREADABLE: {
    owner: "upstream",
    code: Code.Unavailable,
    sentence: "The upstream's answer holds no balance.",
  },
  MODELS_UNREADABLE: {
    owner: "upstream",
    code: Code.Unavailable,
    sentence: "The upstream's answer holds no list of models.",
  },
});
