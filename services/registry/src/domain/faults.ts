import { Code } from "@connectrpc/connect";
import { defineFaults } from "@tollgate/kit/fault/fault";

/** Everything that stops a call of this service on purpose. */
export const registryFaults = defineFaults("registry.tollgate", {
  CHANNEL_NOT_FOUND: {
    owner: "caller",
    code: Code.NotFound,
    sentence: "There is no such channel.",
  },
  CHANNEL_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "The channel is not valid.",
  },
  LIST_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "The list cannot be asked for in this way.",
  },
  REQUEST_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "The request is not valid.",
  },
  OPTION_NOT_FOUND: {
    owner: "caller",
    code: Code.NotFound,
    sentence: "This service has no such option.",
  },
  OPTION_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "The option's value is not valid.",
  },
  WATCHERS_EXHAUSTED: {
    owner: "platform",
    code: Code.ResourceExhausted,
    sentence: "Too many nodes watch this registry.",
  },
  STOPPING: {
    owner: "platform",
    code: Code.Unavailable,
    sentence: "The registry is stopping.",
  },
});
