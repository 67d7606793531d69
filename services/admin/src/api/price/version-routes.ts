import { Type } from "typebox";
import type { AdminContext } from "#admin-context.ts";
import { callerOf } from "#auth/caller.ts";
import type { Api } from "#http/api.ts";
import { success, successOf } from "#http/envelope.ts";
import { toSafeNumber, toSeconds } from "#http/wire-number.ts";

const tags = ["price"];
const shownMax = 500;
const optionCharactersMax = 1_000_000;
const secondsMax = 253_402_300_799;
const msPerSecond = 1000n;

const versionSchema = Type.Object({
  version: Type.Integer(),
  effective_at: Type.Integer({ description: "Seconds since 1970." }),
  current: Type.Boolean(),
  superseded_at: Type.Integer({
    description: "Seconds since 1970; 0 = in force, or waiting for its time.",
  }),
  scheduled: Type.Array(Type.String(), {
    description: "The options that change when its time comes.",
  }),
});

const publishBody = Type.Object({
  effective_at: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: secondsMax,
      description: "Seconds since 1970; absent or 0 = at once.",
    }),
  ),
  options: Type.Optional(
    Type.Record(Type.String({ maxLength: 64 }), Type.String({ maxLength: optionCharactersMax }), {
      description:
        "New values of ModelRatio, CompletionRatio, GroupRatio, UserRatio, ModelPrice, UnknownModelPolicy; none = publish anew with the list prices of this release.",
    }),
  ),
});

/** Which prices were in force when, and new ones. */
export function registerVersionRoutes(api: Api, { rpc }: AdminContext): void {
  api.get(
    "/price/versions",
    {
      config: { access: "admin" },
      schema: {
        tags,
        summary: "Versions of the prices, the latest first",
        querystring: Type.Object({
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: shownMax })),
        }),
        response: { 200: successOf(Type.Array(versionSchema)) },
      },
    },
    async ({ query }) => {
      const { versions } = await rpc.prices.listPriceVersions({ limit: query.limit ?? 0 });
      return success(
        versions.map((one) => ({
          version: toSafeNumber(one.version),
          effective_at: toSeconds(one.effectiveAtMs),
          current: one.current,
          superseded_at: toSeconds(one.supersededAtMs),
          scheduled: one.scheduledOptions,
        })),
      );
    },
  );
  api.post(
    "/price/versions",
    {
      config: { access: "root" },
      schema: {
        tags,
        summary: "Change prices together, at once or later",
        body: publishBody,
        response: { 200: successOf(Type.Object({ version: Type.Integer() })) },
      },
    },
    async (request) => {
      const { version } = await rpc.prices.publishPrices({
        options: request.body.options ?? {},
        effectiveAtMs: BigInt(request.body.effective_at ?? 0) * msPerSecond,
        actorId: callerOf(request).user.id,
      });
      return success({ version: toSafeNumber(version) });
    },
  );
}
