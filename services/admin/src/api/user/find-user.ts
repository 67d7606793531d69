import type { User } from "@tollgate/proto/quota/v1/user_service";
import { assertCanManage } from "#auth/roles.ts";
import { adminFaults } from "#faults.ts";
import type { RpcClients } from "#rpc/rpc-clients.ts";

/** Names a user by id or by name. */
export type UserName = { readonly id: bigint } | { readonly username: string };

/** Reads a user that `actor` may manage. Throws the fault of quota, or TARGET_OUT_OF_REACH. */
export async function findManagedUser(
  rpc: Pick<RpcClients, "users">,
  actor: User,
  name: UserName,
): Promise<User> {
  const { user } = await rpc.users.getUser(name);
  if (user === undefined) {
    throw adminFaults.fault("USER_NOT_FOUND");
  }
  assertCanManage(actor, user);
  return user;
}

/** Throws TARGET_OUT_OF_REACH when somebody tries to disable, demote or delete themselves. */
export function assertNotSelf(actor: User, target: User): void {
  if (actor.id === target.id) {
    throw adminFaults.fault("TARGET_OUT_OF_REACH", {
      sentence: "This cannot be done to the own account.",
    });
  }
}
