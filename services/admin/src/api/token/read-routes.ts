import { type Static, Type } from "typebox";
import type { Key } from "@tollgate/proto/quota/v1/key_service";
import { KeyStatus } from "@tollgate/proto/quota/v1/key_service";
import type { User } from "@tollgate/proto/quota/v1/user_service";
import type { AdminContext } from "#admin-context.ts";
import { callerOf } from "#auth/caller.ts";
import { adminFaults } from "#faults.ts";
import type { Api } from "#http/api.ts";
import { page, pageOf, success, successOf } from "#http/envelope.ts";
import { idParams } from "#http/id-params.ts";
import {
  keywordQuery,
  listQuery,
  type PageRange,
  readRange,
  readTotal,
  searchRange,
} from "#http/list-query.ts";
import { limits } from "#limits.ts";
import { readEnum } from "#rpc/read-enum.ts";
import type { RpcClients } from "#rpc/rpc-clients.ts";
import { type TokenWire, tokenSchema, tokenToWire } from "./wire.ts";

const tags = ["token"];

const sortColumns = {
  // Ids grow with time.
  id: "created_at",
  name: "name",
  status: "status",
  created_time: "created_at",
  accessed_time: "accessed_at",
  expired_time: "expires_at",
  remain_quota: "remaining_nanos",
  used_quota: "used_nanos",
} as const;

const orders = ["remain_quota", "used_quota"] as const;

const tokensQuery = Type.Object({
  ...listQuery,
  order: Type.Optional(Type.String({ maxLength: limits.textLengthMax })),
  status: Type.Optional(Type.Integer({ minimum: 0, maximum: 4 })),
});

/** Reading the own keys. */
export function registerTokenReadRoutes(api: Api, { rpc }: AdminContext): void {
  api.get(
    "/token/",
    {
      config: { access: "user" },
      schema: {
        tags,
        summary: "Own keys",
        querystring: tokensQuery,
        response: { 200: pageOf(tokenSchema) },
      },
    },
    async (request) => {
      const { user } = callerOf(request);
      const range = readTokensRange(request.query);
      const status = readEnum(KeyStatus, request.query.status) ?? KeyStatus.UNSPECIFIED;
      const { keys, total } = await rpc.keys.listKeys({ userId: user.id, range, status });
      return page(await describeKeys(rpc, user, keys), readTotal(range, total));
    },
  );
  api.get(
    "/token/search",
    {
      config: { access: "user" },
      schema: {
        tags,
        summary: "Own keys by name",
        querystring: keywordQuery,
        response: { 200: pageOf(tokenSchema) },
      },
    },
    async (request) => {
      const { user } = callerOf(request);
      const range = searchRange(request.query.keyword, limits.searchRowsMax);
      const { keys } = await rpc.keys.listKeys({ userId: user.id, range });
      return page(await describeKeys(rpc, user, keys), undefined);
    },
  );
  api.get(
    "/token/:id",
    {
      config: { access: "user" },
      schema: {
        tags,
        summary: "One own key",
        params: idParams,
        response: { 200: successOf(tokenSchema) },
      },
    },
    async (request) => {
      const { user } = callerOf(request);
      const { key } = await rpc.keys.getKey({ id: BigInt(request.params.id), userId: user.id });
      return success(await describeKey(rpc, user, key));
    },
  );
}

/** A key of `owner` with its text, as far as that may be shown. */
export async function describeKey(
  rpc: Pick<RpcClients, "keys">,
  owner: User,
  key: Key | undefined,
): Promise<TokenWire> {
  const [token] = key === undefined ? [] : await describeKeys(rpc, owner, [key]);
  if (token === undefined) {
    throw adminFaults.fault("PARAMETER_INVALID", { sentence: "There is no such key." });
  }
  return token;
}

async function describeKeys(
  rpc: Pick<RpcClients, "keys">,
  owner: User,
  keys: readonly Key[],
): Promise<TokenWire[]> {
  if (keys.length === 0) {
    return [];
  }
  const { secrets } = await rpc.keys.revealKey({
    userId: owner.id,
    ids: keys.map(({ id }) => id),
  });
  return keys.map((key) =>
    tokenToWire(key, { group: owner.group, secret: secrets[String(key.id)] }),
  );
}

function readTokensRange(query: Static<typeof tokensQuery>): PageRange {
  const range = readRange(query, sortColumns);
  const order = orders.find((name) => name === query.order);
  return range.sort === "" && order !== undefined
    ? { ...range, sort: sortColumns[order], descending: true }
    : range;
}
