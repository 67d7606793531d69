/** The closed list of quota's faults: reason → who is at fault, gRPC code, sentence that may be shown. */
import { Code } from "@connectrpc/connect";
import { defineFaults } from "@tollgate/kit/fault/fault";
import { identityFaults } from "./identity-faults.ts";
import { moneyFaults } from "./money-faults.ts";

/** Makes and recognises quota's faults. */
export const { fault, is: isQuotaFault } = defineFaults("quota.tollgate", {
  ...identityFaults,
  ...moneyFaults,
  REQUEST_INVALID: {
    owner: "caller",
    code: Code.InvalidArgument,
    sentence: "The request is not valid.",
  },
} as const);
