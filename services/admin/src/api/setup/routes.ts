import { Type } from "typebox";
import type { AdminContext } from "#admin-context.ts";
import { startSession } from "#api/user/login-routes.ts";
import { userSchema, userToWire } from "#api/user/wire.ts";
import { adminFaults } from "#faults.ts";
import type { Api } from "#http/api.ts";
import { success, successOf } from "#http/envelope.ts";
import { limits } from "#limits.ts";

const text = Type.String({ minLength: 1, maxLength: limits.textLengthMax });

const setupBody = Type.Object({ code: text, username: text, password: text });

/** Makes the root user of a fresh installation, for whoever knows the one-time code. */
export function registerSetupRoutes(api: Api, context: AdminContext): void {
  const { rpc, sessions, setupCode, setupState, throttle } = context;
  api.post(
    "/setup",
    {
      config: { access: "public" },
      schema: {
        tags: ["setup"],
        summary: "Make the root user and sign in",
        body: setupBody,
        response: { 200: successOf(userSchema) },
      },
    },
    async (request, reply) => {
      const { code, username, password } = request.body;
      await setupState.assertRequired();
      // By address: a stranger's guesses must not keep the owner out, and the code is too long to be guessed.
      const attempt = throttle.begin({ account: `\0setup ${request.ip}`, address: request.ip });
      if (!(await setupCode.verify(code))) {
        throw adminFaults.fault("SETUP_CODE_WRONG");
      }
      attempt.succeed();
      const { user } = await rpc.users.createRootUser({ username, password });
      if (user === undefined) {
        throw adminFaults.fault("USER_NOT_FOUND");
      }
      await setupCode.discard();
      await startSession(sessions, reply, user);
      return success(userToWire(user));
    },
  );
}
