import type { User } from "@tollgate/proto/quota/v1/user_service";
import { adminFaults } from "#faults.ts";

/** One API's roles. */
export const roles = Object.freeze({ common: 1, admin: 10, root: 100 });

type RoleHolder = Pick<User, "id" | "role">;

/** True if `actor` may see and change `target`: only lower roles, and root everybody. */
function canManage(actor: RoleHolder, target: RoleHolder): boolean {
  return actor.role >= roles.root || actor.role > target.role;
}

/** Throws TARGET_OUT_OF_REACH unless `actor` may see and change `target`. */
export function assertCanManage(actor: RoleHolder, target: RoleHolder): void {
  if (!canManage(actor, target)) {
    throw adminFaults.fault("TARGET_OUT_OF_REACH");
  }
}

/** Throws unless `actor` may give `role` to somebody: common or admin, and lower than the actor's own. */
export function assertCanGrant(actor: RoleHolder, role: number): void {
  const isKnown = role === roles.common || role === roles.admin;
  if (!isKnown) {
    throw adminFaults.fault("PARAMETER_INVALID", { sentence: "The role must be 1 or 10." });
  }
  if (role >= actor.role) {
    throw adminFaults.fault("TARGET_OUT_OF_REACH");
  }
}
