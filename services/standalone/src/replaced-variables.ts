import { adminReplacedVariables } from "@tollgate/admin/config";
import { quotaReplacedVariables } from "@tollgate/quota/config";
import { registryReplacedVariables } from "@tollgate/registry/config";
import { relayReplacedVariables } from "@tollgate/relay/config";

/** What the five services say of One API's variables that they replace, beside those of every process. */
export const replacedVariables = [
  ...quotaReplacedVariables,
  ...registryReplacedVariables,
  ...relayReplacedVariables,
  ...adminReplacedVariables,
];
