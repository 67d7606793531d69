import { type Static, Type } from "typebox";
import { KeyStatus } from "@tollgate/proto/quota/v1/key_service";
import type { AdminContext } from "#admin-context.ts";
import { callerOf } from "#auth/caller.ts";
import { adminFaults } from "#faults.ts";
import type { Api } from "#http/api.ts";
import { readCommaList } from "#http/comma-list.ts";
import { done, doneSchema, success, successOf } from "#http/envelope.ts";
import { idParams } from "#http/id-params.ts";
import { toNanos } from "#http/wire-number.ts";
import { limits } from "#limits.ts";
import { presentFields } from "#rpc/present-fields.ts";
import { readEnum } from "#rpc/read-enum.ts";
import type { RpcClients } from "#rpc/rpc-clients.ts";
import { describeKey } from "./read-routes.ts";
import { tokenFields, tokenSchema, tokenToWire } from "./wire.ts";

const tags = ["token"];
const never = -1;

const createBody = Type.Object(tokenFields);

const updateBody = Type.Object({
  id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  status: Type.Optional(Type.Integer({ minimum: 0, maximum: 4 })),
  ...tokenFields,
});

const updateQuery = Type.Object({
  status_only: Type.Optional(
    Type.String({
      maxLength: limits.textLengthMax,
      description: "Not empty = change only status.",
    }),
  ),
});

/** Creating, changing and deleting the own keys. */
export function registerTokenWriteRoutes(api: Api, { rpc }: AdminContext): void {
  api.post(
    "/token/",
    {
      config: { access: "user" },
      schema: {
        tags,
        summary: "Make a key; the reply holds it",
        body: createBody,
        response: { 200: successOf(tokenSchema) },
      },
    },
    async (request) => {
      const { user } = callerOf(request);
      const { body } = request;
      const { key, secret } = await rpc.keys.createKey({
        userId: user.id,
        name: body.name ?? "",
        expiresAt: BigInt(body.expired_time || never),
        unlimited: body.unlimited_quota ?? false,
        remainingNanos: toNanos(body.remain_quota ?? 0),
        models: readCommaList(body.models ?? ""),
        subnets: readCommaList(body.subnet ?? ""),
      });
      if (key === undefined) {
        throw adminFaults.fault("PARAMETER_INVALID", { sentence: "The key was not made." });
      }
      return success(tokenToWire(key, { group: user.group, secret }));
    },
  );
  registerTokenChanges(api, rpc);
}

function registerTokenChanges(api: Api, rpc: RpcClients): void {
  api.put(
    "/token/",
    {
      config: { access: "user" },
      schema: {
        tags,
        summary: "Change a key; absent fields stay",
        querystring: updateQuery,
        body: updateBody,
        response: { 200: successOf(tokenSchema) },
      },
    },
    async (request) => {
      const { user } = callerOf(request);
      const isStatusOnly = request.query.status_only !== undefined;
      const { key } = await rpc.keys.updateKey({
        id: BigInt(request.body.id),
        userId: user.id,
        ...(isStatusOnly ? statusChange(request.body) : fieldChanges(request.body)),
      });
      return success(await describeKey(rpc, user, key));
    },
  );
  api.delete(
    "/token/:id",
    {
      config: { access: "user" },
      schema: { tags, summary: "Delete a key", params: idParams, response: { 200: doneSchema } },
    },
    async (request) => {
      const { user } = callerOf(request);
      await rpc.keys.deleteKey({ id: BigInt(request.params.id), userId: user.id });
      return done();
    },
  );
}

type TokenUpdate = Static<typeof updateBody>;

function statusChange({ status }: TokenUpdate) {
  return presentFields({ status: readEnum(KeyStatus, status) });
}

/** As in One API, these never change the status. */
function fieldChanges(body: TokenUpdate) {
  return presentFields({
    name: body.name,
    expiresAt: body.expired_time === undefined ? undefined : BigInt(body.expired_time || never),
    unlimited: body.unlimited_quota,
    remainingNanos: body.remain_quota === undefined ? undefined : toNanos(body.remain_quota),
    models: body.models === undefined ? undefined : { values: readCommaList(body.models) },
    subnets: body.subnet === undefined ? undefined : { values: readCommaList(body.subnet) },
  });
}
