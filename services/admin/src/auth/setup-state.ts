import { adminFaults } from "#faults.ts";
import { limits } from "#limits.ts";
import type { RpcClients } from "#rpc/rpc-clients.ts";

/** Knows whether the root user has been made. */
export interface SetupState {
  /** Asks quota until a root user exists; from then on it is remembered, for root cannot be deleted. */
  isRequired(): Promise<boolean>;
  /** Throws SETUP_DONE once a root user exists. */
  assertRequired(): Promise<void>;
}

/** Makes the view of quota's setup state. */
export function createSetupState(rpc: Pick<RpcClients, "users">): SetupState {
  let hasRoot = false;
  const isRequired = async (): Promise<boolean> => {
    if (!hasRoot) {
      const answer = await rpc.users.getSetupState({}, { timeoutMs: limits.statusDeadlineMs });
      hasRoot = answer.hasRoot;
    }
    return !hasRoot;
  };
  return {
    isRequired,
    async assertRequired() {
      if (!(await isRequired())) {
        throw adminFaults.fault("SETUP_DONE");
      }
    },
  };
}
