import { Type } from "typebox";
import { CodeStatus } from "@tollgate/proto/quota/v1/redemption_service";
import type { RedemptionCode } from "@tollgate/proto/quota/v1/redemption_service";
import type { AdminContext } from "#admin-context.ts";
import { adminFaults } from "#faults.ts";
import type { Api } from "#http/api.ts";
import { page, pageOf, success, successOf } from "#http/envelope.ts";
import { idParams } from "#http/id-params.ts";
import { keywordQuery, listQuery, readRange, readTotal, searchRange } from "#http/list-query.ts";
import { limits } from "#limits.ts";
import { readEnum } from "#rpc/read-enum.ts";
import { type RedemptionWire, redemptionSchema, redemptionToWire } from "./wire.ts";

const tags = ["redemption"];

const sortColumns = {
  id: "id",
  name: "name",
  quota: "amount_nanos",
  created_time: "created_at",
  redeemed_time: "redeemed_at",
  expired_time: "expires_at",
} as const;

const codesQuery = Type.Object({
  ...listQuery,
  status: Type.Optional(Type.Integer({ minimum: 0, maximum: 4 })),
  batch_id: Type.Optional(Type.String({ maxLength: 64 })),
});

/** Reading codes. */
export function registerRedemptionReadRoutes(api: Api, { rpc }: AdminContext): void {
  api.get(
    "/redemption/",
    {
      config: { access: "admin" },
      schema: {
        tags,
        summary: "Redemption codes",
        querystring: codesQuery,
        response: { 200: pageOf(redemptionSchema) },
      },
    },
    async (request) => {
      const range = readRange(request.query, sortColumns);
      const { codes, total } = await rpc.redemptions.listCodes({
        range,
        status: readEnum(CodeStatus, request.query.status) ?? CodeStatus.UNSPECIFIED,
        batchId: request.query.batch_id ?? "",
      });
      return page(codes.map(redemptionToWire), readTotal(range, total));
    },
  );
  api.get(
    "/redemption/search",
    {
      config: { access: "admin" },
      schema: {
        tags,
        summary: "Redemption codes by id or beginning of the name",
        querystring: keywordQuery,
        response: { 200: pageOf(redemptionSchema) },
      },
    },
    async (request) => {
      const range = searchRange(request.query.keyword, limits.searchRowsMax);
      const { codes } = await rpc.redemptions.listCodes({ range });
      return page(codes.map(redemptionToWire), undefined);
    },
  );
  api.get(
    "/redemption/:id",
    {
      config: { access: "admin" },
      schema: {
        tags,
        summary: "One redemption code",
        params: idParams,
        response: { 200: successOf(redemptionSchema) },
      },
    },
    async (request) => {
      const { code } = await rpc.redemptions.getCode({ id: BigInt(request.params.id) });
      return success(shown(code));
    },
  );
}

/** The code of a reply, which always holds one. */
export function shown(code: RedemptionCode | undefined): RedemptionWire {
  if (code === undefined) {
    throw adminFaults.fault("PARAMETER_INVALID", { sentence: "There is no such redemption code." });
  }
  return redemptionToWire(code);
}
