import { Type } from "typebox";
import type { User } from "@tollgate/proto/quota/v1/user_service";
import { UserStatus } from "@tollgate/proto/quota/v1/user_service";
import type { AdminContext } from "#admin-context.ts";
import { callerOf } from "#auth/caller.ts";
import { roles } from "#auth/roles.ts";
import { adminFaults } from "#faults.ts";
import type { Api } from "#http/api.ts";
import { success, successOf } from "#http/envelope.ts";
import { limits } from "#limits.ts";
import { assertNotSelf, findManagedUser } from "./find-user.ts";

const actionSchema = Type.Union([
  Type.Literal("disable"),
  Type.Literal("enable"),
  Type.Literal("delete"),
  Type.Literal("promote"),
  Type.Literal("demote"),
]);

type Action = "disable" | "enable" | "delete" | "promote" | "demote";

const manageBody = Type.Object({
  username: Type.String({ minLength: 1, maxLength: limits.textLengthMax }),
  action: actionSchema,
});

const outcomeSchema = Type.Object({ role: Type.Integer(), status: Type.Integer() });

/** One API's one-word changes of a user. */
export function registerUserManageRoutes(api: Api, context: AdminContext): void {
  api.post(
    "/user/manage",
    {
      config: { access: "admin" },
      schema: {
        tags: ["user"],
        summary: "Disable, enable, delete, promote or demote a user",
        body: manageBody,
        response: { 200: successOf(outcomeSchema) },
      },
    },
    async (request) => {
      const { user: actor } = callerOf(request);
      const { username, action } = request.body;
      const target = await findManagedUser(context.rpc, actor, { username });
      assertNotSelf(actor, target);
      if (action === "promote" && actor.role < roles.root) {
        throw adminFaults.fault("ROLE_INSUFFICIENT");
      }
      const outcome = await act(context, target, action);
      context.userCache.forget(target.id);
      return success(outcome);
    },
  );
}

async function act(
  { rpc, sessions }: AdminContext,
  target: User,
  action: Action,
): Promise<{ role: number; status: number }> {
  const change = async (fields: { role?: number; status?: UserStatus }) => {
    const { user = target } = await rpc.users.updateUser({ id: target.id, ...fields });
    return { role: user.role, status: user.status };
  };
  switch (action) {
    case "disable":
      return change({ status: UserStatus.DISABLED });
    case "enable":
      return change({ status: UserStatus.ENABLED });
    case "promote":
      return change({ role: roles.admin });
    case "demote":
      return change({ role: roles.common });
    case "delete":
      await rpc.users.deleteUser({ id: target.id });
      await sessions.endAllOf(target.id);
      return { role: target.role, status: UserStatus.DELETED };
  }
}
