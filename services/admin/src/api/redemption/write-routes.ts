import { type Static, Type } from "typebox";
import { CodeStatus } from "@tollgate/proto/quota/v1/redemption_service";
import type { AdminContext } from "#admin-context.ts";
import { callerOf } from "#auth/caller.ts";
import type { Api } from "#http/api.ts";
import { done, doneSchema, success, successOf } from "#http/envelope.ts";
import { idParams } from "#http/id-params.ts";
import { toNanos } from "#http/wire-number.ts";
import { limits } from "#limits.ts";
import { presentFields } from "#rpc/present-fields.ts";
import { readEnum } from "#rpc/read-enum.ts";
import { shown } from "./read-routes.ts";
import { daySeconds, expiryField, quotaField, redemptionSchema } from "./wire.ts";

const tags = ["redemption"];
const nameField = Type.String({ minLength: 1, maxLength: 64 });
const countMax = 100;

const createBody = Type.Object({
  name: nameField,
  quota: quotaField,
  count: Type.Optional(Type.Integer({ minimum: 1, maximum: countMax })),
  expired_time: Type.Optional(expiryField),
  credit_days: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 36_500,
      description: "How long the money can be spent after it was redeemed; 0 = for ever.",
    }),
  ),
});

const updateBody = Type.Object({
  id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  name: Type.Optional(nameField),
  quota: Type.Optional(quotaField),
  status: Type.Optional(Type.Integer({ minimum: 0, maximum: 4 })),
  expired_time: Type.Optional(expiryField),
});

const updateQuery = Type.Object({
  status_only: Type.Optional(
    Type.String({ maxLength: limits.textLengthMax, description: "Not empty = only status." }),
  ),
});

/** Making, changing and deleting codes. */
export function registerRedemptionWriteRoutes(api: Api, context: AdminContext): void {
  registerCreate(api, context);
  registerChange(api, context);
}

function registerCreate(api: Api, { rpc }: AdminContext): void {
  api.post(
    "/redemption/",
    {
      config: { access: "admin" },
      schema: {
        tags,
        summary: "Make a batch of equal codes; the reply holds them",
        body: createBody,
        response: { 200: successOf(Type.Array(Type.String())) },
      },
    },
    async (request) => {
      const { body } = request;
      const { codes } = await rpc.redemptions.createCodes({
        creatorId: callerOf(request).user.id,
        name: body.name,
        count: body.count ?? 1,
        amountNanos: toNanos(body.quota),
        creditSeconds: BigInt((body.credit_days ?? 0) * daySeconds),
        expiresAt: readExpiry(body.expired_time) ?? 0n,
      });
      return success(codes);
    },
  );
}

function registerChange(api: Api, { rpc }: AdminContext): void {
  api.put(
    "/redemption/",
    {
      config: { access: "admin" },
      schema: {
        tags,
        summary: "Change a code that was not used; absent fields stay",
        querystring: updateQuery,
        body: updateBody,
        response: { 200: successOf(redemptionSchema) },
      },
    },
    async (request) => {
      const isStatusOnly = request.query.status_only !== undefined;
      const { code } = await rpc.redemptions.updateCode({
        id: BigInt(request.body.id),
        ...(isStatusOnly ? statusChange(request.body) : fieldChanges(request.body)),
      });
      return success(shown(code));
    },
  );
  api.delete(
    "/redemption/:id",
    {
      config: { access: "admin" },
      schema: { tags, summary: "Delete a code", params: idParams, response: { 200: doneSchema } },
    },
    async (request) => {
      await rpc.redemptions.deleteCode({ id: BigInt(request.params.id) });
      return done();
    },
  );
}

type CodeUpdate = Static<typeof updateBody>;

function statusChange({ status }: CodeUpdate) {
  return presentFields({ status: readEnum(CodeStatus, status || undefined) });
}

/** As in One API, these never change the status. */
function fieldChanges({ name, quota, expired_time: expiry }: CodeUpdate) {
  return presentFields({
    name,
    amountNanos: quota === undefined ? undefined : toNanos(quota),
    expiresAt: readExpiry(expiry),
  });
}

function readExpiry(expiry: number | undefined): bigint | undefined {
  return expiry === undefined ? undefined : BigInt(Math.max(0, expiry));
}
