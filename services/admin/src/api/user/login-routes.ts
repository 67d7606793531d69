import { Code } from "@connectrpc/connect";
import type { FastifyReply, FastifyRequest } from "fastify";
import { Type } from "typebox";
import { Fault } from "@tollgate/kit/fault/fault";
import type { User } from "@tollgate/proto/quota/v1/user_service";
import { UserStatus } from "@tollgate/proto/quota/v1/user_service";
import type { AdminContext } from "#admin-context.ts";
import { clearSessionCookie, readSessionCookie, setSessionCookie } from "#auth/session-cookie.ts";
import type { Sessions } from "#auth/sessions.ts";
import { roles } from "#auth/roles.ts";
import { adminFaults } from "#faults.ts";
import type { Api } from "#http/api.ts";
import { done, doneSchema, success, successOf } from "#http/envelope.ts";
import { limits } from "#limits.ts";
import { publicUserToWire, userSchema } from "./wire.ts";

const tags = ["user"];
const text = Type.String({ maxLength: limits.textLengthMax });

const loginBody = Type.Object({ username: text, password: text });

const registerBody = Type.Object({
  username: text,
  password: text,
  aff_code: Type.Optional(text),
});

// As One API limits its critical routes.
const registrationLimit = { max: 20, timeWindow: 1_200_000 };

/** Ends the session that a browser had and starts a new one: an id never survives signing in. */
export async function startSession(
  sessions: Sessions,
  reply: FastifyReply,
  user: User,
): Promise<void> {
  await endSession(sessions, reply.request);
  setSessionCookie(reply, await sessions.start(user));
}

/** Signing in, out and up. */
export function registerLoginRoutes(api: Api, context: AdminContext): void {
  api.post(
    "/user/login",
    {
      config: { access: "public" },
      schema: {
        tags,
        summary: "Sign in with a name or e-mail and a password",
        body: loginBody,
        response: { 200: successOf(userSchema) },
      },
    },
    async (request, reply) => {
      const user = await authenticate(context, { ...request.body, address: request.ip });
      await startSession(context.sessions, reply, user);
      return success(publicUserToWire(user));
    },
  );
  api.get(
    "/user/logout",
    {
      config: { access: "public" },
      schema: { tags, summary: "Sign out", response: { 200: doneSchema } },
    },
    async (request, reply) => {
      await endSession(context.sessions, request);
      clearSessionCookie(reply);
      return done();
    },
  );
  api.post(
    "/user/register",
    {
      config: { access: "public", rateLimit: registrationLimit },
      schema: { tags, summary: "Sign up", body: registerBody, response: { 200: doneSchema } },
    },
    async ({ body }) => {
      const options = await context.options.read();
      if (
        !options.isOn("RegisterEnabled", true) ||
        !options.isOn("PasswordRegisterEnabled", true)
      ) {
        throw adminFaults.fault("REGISTRATION_CLOSED");
      }
      await context.rpc.users.createUser({
        username: body.username,
        password: body.password,
        role: roles.common,
        inviterCode: body.aff_code ?? "",
        withDefaultKey: true,
      });
      return done();
    },
  );
}

interface LoginAttempt {
  readonly username: string;
  readonly password: string;
  readonly address: string;
}

async function authenticate(
  { rpc, options, throttle }: AdminContext,
  { username, password, address }: LoginAttempt,
): Promise<User> {
  const settings = await options.read();
  if (!settings.isOn("PasswordLoginEnabled", true)) {
    throw adminFaults.fault("PASSWORD_LOGIN_CLOSED");
  }
  const attempt = throttle.begin({ account: username, address });
  const user = await rpc.users.authenticatePassword({ username, password }).then(
    (answer) => answer.user,
    (error: unknown) => {
      // Only wrong credentials count as an attempt.
      if (!(error instanceof Fault && error.code === Code.Unauthenticated)) {
        attempt.withdraw();
      }
      throw error;
    },
  );
  attempt.succeed();
  if (user?.status !== UserStatus.ENABLED) {
    throw adminFaults.fault("USER_BANNED");
  }
  return user;
}

async function endSession(sessions: Sessions, request: FastifyRequest): Promise<void> {
  const cookie = readSessionCookie(request);
  const session = cookie === undefined ? undefined : await sessions.read(cookie);
  if (session !== undefined) {
    await sessions.end(session.hash);
  }
}
