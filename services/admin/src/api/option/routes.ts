import { Type } from "typebox";
import type { AdminContext } from "#admin-context.ts";
import { callerOf } from "#auth/caller.ts";
import type { Api } from "#http/api.ts";
import { done, doneSchema, success, successOf } from "#http/envelope.ts";
import { limits } from "#limits.ts";

const tags = ["option"];

const optionSchema = Type.Object({
  key: Type.String(),
  value: Type.String({ description: "Empty for secrets." }),
  secret: Type.Boolean(),
});

const setBody = Type.Object({
  key: Type.String({ minLength: 1, maxLength: limits.textLengthMax }),
  value: Type.String({ maxLength: 1_000_000 }),
});

/** Operator settings, for root. */
export function registerOptionRoutes(api: Api, { options }: AdminContext): void {
  api.get(
    "/option/",
    {
      config: { access: "root" },
      schema: {
        tags,
        summary: "Every option",
        response: { 200: successOf(Type.Array(optionSchema)) },
      },
    },
    async () => {
      const all = await options.list();
      return success(all.map(({ key, value, secret }) => ({ key, value, secret })));
    },
  );
  api.put(
    "/option/",
    {
      // As in One API, a body that cannot be read is HTTP 400 here.
      config: { access: "root", unreadableStatus: 400 },
      schema: { tags, summary: "Change one option", body: setBody, response: { 200: doneSchema } },
    },
    async (request) => {
      const { key, value } = request.body;
      await options.set({ key, value, actorId: callerOf(request).user.id });
      return done();
    },
  );
}
