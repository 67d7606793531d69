import { type Static, Type } from "typebox";
import type { User } from "@tollgate/proto/quota/v1/user_service";
import { UserStatus } from "@tollgate/proto/quota/v1/user_service";
import type { AdminContext } from "#admin-context.ts";
import { adjustWallet, type WalletPorts } from "#api/topup/adjust-wallet.ts";
import { callerOf } from "#auth/caller.ts";
import { assertCanGrant, roles } from "#auth/roles.ts";
import type { Api } from "#http/api.ts";
import { done, doneSchema } from "#http/envelope.ts";
import { idempotencyHeaders } from "#http/idempotency-headers.ts";
import { idParams } from "#http/id-params.ts";
import { toQuotaUnits } from "#http/wire-number.ts";
import { limits } from "#limits.ts";
import { presentFields } from "#rpc/present-fields.ts";
import { readEnum } from "#rpc/read-enum.ts";
import { assertNotSelf, findManagedUser } from "./find-user.ts";

const tags = ["user"];
const text = Type.String({ maxLength: limits.textLengthMax });
const optionalText = Type.Optional(text);

const createBody = Type.Object({
  username: text,
  password: text,
  display_name: optionalText,
  email: optionalText,
  role: Type.Optional(Type.Integer({ description: "1 (the default) or, by root, 10." })),
});

const updateBody = Type.Object({
  id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  username: optionalText,
  password: optionalText,
  display_name: optionalText,
  email: optionalText,
  group: optionalText,
  role: Type.Optional(Type.Integer()),
  status: Type.Optional(Type.Integer({ minimum: 0, maximum: 2 })),
  strict: Type.Optional(
    Type.Boolean({
      description: "Every call reserves for itself: its input by its bytes, and all of its output.",
    }),
  ),
  quota: Type.Optional(
    Type.Integer({
      minimum: -limits.quotaUnitsMax,
      maximum: limits.quotaUnitsMax,
      description: "Wanted balance; the difference to the present one is posted as a correction.",
    }),
  ),
});

/** Creating, changing and deleting users, for admins and below their own role. */
export function registerUserWriteRoutes(api: Api, context: AdminContext): void {
  api.post(
    "/user/",
    {
      config: { access: "admin" },
      schema: { tags, summary: "Create a user", body: createBody, response: { 200: doneSchema } },
    },
    async (request) => {
      const { body } = request;
      const role = body.role || roles.common;
      assertCanGrant(callerOf(request).user, role);
      await context.rpc.users.createUser({
        username: body.username,
        password: body.password,
        displayName: body.display_name ?? "",
        email: body.email ?? "",
        role,
      });
      return done();
    },
  );
  registerUserChange(api, context);
  registerUserDelete(api, context);
}

function registerUserChange(api: Api, context: AdminContext): void {
  api.put(
    "/user/",
    {
      config: { access: "admin" },
      schema: {
        tags,
        summary: "Change a user; blank and absent fields stay",
        headers: idempotencyHeaders,
        body: updateBody,
        response: { 200: doneSchema },
      },
    },
    async (request) => {
      const { user: actor } = callerOf(request);
      const target = await findManagedUser(context.rpc, actor, { id: BigInt(request.body.id) });
      await updateUser(context, { actor, target, changes: request.body });
      await correctBalance(context, {
        logger: request.log,
        actor,
        target,
        quota: request.body.quota,
        idempotencyKey: request.headers["idempotency-key"],
      });
      context.userCache.forget(target.id);
      return done();
    },
  );
}

function registerUserDelete(api: Api, context: AdminContext): void {
  api.delete(
    "/user/:id",
    {
      config: { access: "admin" },
      schema: { tags, summary: "Delete a user", params: idParams, response: { 200: doneSchema } },
    },
    async (request) => {
      const { user: actor } = callerOf(request);
      const target = await findManagedUser(context.rpc, actor, { id: BigInt(request.params.id) });
      assertNotSelf(actor, target);
      await context.rpc.users.deleteUser({ id: target.id });
      context.userCache.forget(target.id);
      await context.sessions.endAllOf(target.id);
      return done();
    },
  );
}

interface UserUpdate {
  readonly actor: User;
  readonly target: User;
  readonly changes: Static<typeof updateBody>;
}

async function updateUser(
  { rpc }: AdminContext,
  { actor, target, changes }: UserUpdate,
): Promise<void> {
  // One API's forms send the whole user back: what is unchanged is left out.
  const role = changes.role === target.role ? undefined : changes.role || undefined;
  const wantedStatus = readEnum(UserStatus, changes.status || undefined);
  const status = wantedStatus === target.status ? undefined : wantedStatus;
  if (role !== undefined) {
    assertCanGrant(actor, role);
    assertNotSelf(actor, target);
  }
  if (status !== undefined) {
    assertNotSelf(actor, target);
  }
  const fields = presentFields({
    username: differing(changes.username, target.username),
    password: changes.password || undefined,
    displayName: differing(changes.display_name, target.displayName),
    email: differing(changes.email, target.email),
    group: differing(changes.group, target.group),
    role,
    status,
    strict: changes.strict === target.strict ? undefined : changes.strict,
  });
  if (Object.keys(fields).length > 0) {
    await rpc.users.updateUser({ id: target.id, ...fields });
  }
}

function differing(wanted: string | undefined, present: string): string | undefined {
  return wanted === present || wanted === "" ? undefined : wanted;
}

interface BalanceCorrection extends Pick<WalletPorts, "logger"> {
  readonly actor: User;
  readonly target: User;
  readonly quota: number | undefined;
  readonly idempotencyKey: string | undefined;
}

async function correctBalance(
  { rpc }: AdminContext,
  { logger, actor, target, quota, idempotencyKey }: BalanceCorrection,
): Promise<void> {
  const present = toQuotaUnits(target.balanceNanos);
  if (quota === undefined || quota === present) {
    return;
  }
  await adjustWallet(
    { rpc, logger },
    {
      actorId: actor.id,
      userId: target.id,
      quotaUnits: quota - present,
      kind: "correction",
      remark: `${actor.username} changed the balance from ${present} to ${quota} quota units`,
      idempotencyKey,
    },
  );
}
