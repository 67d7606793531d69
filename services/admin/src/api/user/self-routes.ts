import { type Static, Type } from "typebox";
import type { AdminContext } from "#admin-context.ts";
import { type Caller, callerOf } from "#auth/caller.ts";
import { clearSessionCookie } from "#auth/session-cookie.ts";
import type { Api } from "#http/api.ts";
import { done, doneSchema, success, successOf } from "#http/envelope.ts";
import { limits } from "#limits.ts";
import { presentFields } from "#rpc/present-fields.ts";
import { startSession } from "./login-routes.ts";
import { userSchema, userToWire } from "./wire.ts";

const tags = ["user"];
const text = Type.Optional(Type.String({ maxLength: limits.textLengthMax }));

const selfBody = Type.Object({
  username: text,
  display_name: text,
  password: Type.Optional(
    Type.String({ maxLength: limits.textLengthMax, description: "Blank keeps the present one." }),
  ),
  original_password: Type.Optional(
    Type.String({ maxLength: limits.textLengthMax, description: "Checked when it is sent." }),
  ),
});

/** What signed-in users do with their own account. */
export function registerSelfRoutes(api: Api, context: AdminContext): void {
  registerAccount(api, context);
  registerAccess(api, context);
}

function registerAccount(api: Api, context: AdminContext): void {
  api.get(
    "/user/self",
    {
      config: { access: "user" },
      schema: { tags, summary: "Own account", response: { 200: successOf(userSchema) } },
    },
    async (request) => {
      const { user } = callerOf(request);
      // Who it is may be two seconds old, the balance may not: a page shows it beside the calls just made.
      const fresh = await context.rpc.users.getUser({ id: user.id });
      return success(userToWire(fresh.user ?? user));
    },
  );
  api.put(
    "/user/self",
    {
      config: { access: "user" },
      schema: {
        tags,
        summary: "Change name, shown name or password; blank fields stay",
        body: selfBody,
        response: { 200: doneSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const user = await updateSelf(context, caller, request.body);
      if (caller.kind === "session" && user.sessionVersion !== caller.user.sessionVersion) {
        // A new password ends every session, except the one that it was changed in.
        await startSession(context.sessions, reply, user);
      }
      return done();
    },
  );
  api.delete(
    "/user/self",
    {
      config: { access: "user" },
      schema: { tags, summary: "Delete the own account", response: { 200: doneSchema } },
    },
    async (request, reply) => {
      const { id } = callerOf(request).user;
      await context.rpc.users.deleteUser({ id });
      context.userCache.forget(id);
      await context.sessions.endAllOf(id);
      clearSessionCookie(reply);
      return done();
    },
  );
}

async function updateSelf(
  { rpc, userCache }: AdminContext,
  { user: self }: Caller,
  body: Static<typeof selfBody>,
) {
  const { user = self } = await rpc.users.updateUser({
    id: self.id,
    ...presentFields({
      username: body.username || undefined,
      displayName: body.display_name || undefined,
      password: body.password || undefined,
      currentPassword: body.original_password || undefined,
    }),
  });
  userCache.forget(self.id);
  return user;
}

function registerAccess(api: Api, { rpc }: AdminContext): void {
  const textReply = { 200: successOf(Type.String()) };
  api.get(
    "/user/token",
    {
      config: { access: "user", mutates: true },
      schema: {
        tags,
        summary: "Make a new management access token; the old one stops working",
        response: textReply,
      },
    },
    async (request) => {
      const userId = callerOf(request).user.id;
      const { accessToken } = await rpc.users.rotateAccessToken({ userId });
      return success(accessToken);
    },
  );
  api.get(
    "/user/aff",
    {
      config: { access: "user" },
      schema: { tags, summary: "Own invitation code", response: textReply },
    },
    async (request) => success(callerOf(request).user.invitationCode),
  );
  api.get(
    "/user/available_models",
    {
      config: { access: "user" },
      schema: {
        tags,
        summary: "Models that the own group can reach",
        response: { 200: successOf(Type.Array(Type.String())) },
      },
    },
    async (request) => {
      const { models } = await rpc.channels.listModels({ group: callerOf(request).user.group });
      return success(models);
    },
  );
}
