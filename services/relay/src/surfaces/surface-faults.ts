import { Code } from "@connectrpc/connect";
import type { Fault } from "@tollgate/kit/fault/fault";
import { defineFaults } from "@tollgate/kit/fault/fault";

/**
 * What surfaces throw; all of it is the caller's and answered with 400. Metadata `code` and `param` are what the error
 * body says under these names.
 */
const surfaceFaults = defineFaults("surface.relay.tollgate", {
  INVALID_REQUEST: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "The request's body cannot be relayed.",
  },
});

/** A body that cannot be relayed. `param` names the member at fault, "" = none of them alone. */
export function invalidRequest(sentence: string, param = ""): Fault {
  return surfaceFaults.fault("INVALID_REQUEST", {
    sentence,
    metadata: { code: "invalid_text_request", param },
  });
}
