import { type Static, Type } from "typebox";
import { UserStatus } from "@tollgate/proto/quota/v1/user_service";
import type { AdminContext } from "#admin-context.ts";
import { callerOf } from "#auth/caller.ts";
import type { Api } from "#http/api.ts";
import { idParams } from "#http/id-params.ts";
import { page, pageOf, success, successOf } from "#http/envelope.ts";
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
import { findManagedUser } from "./find-user.ts";
import { userSchema, userToWire } from "./wire.ts";

const tags = ["user"];

const sortColumns = {
  id: "id",
  username: "username",
  quota: "balance_nanos",
  used_quota: "used_nanos",
  request_count: "request_count",
  created_time: "created_at",
} as const;

/** One API's `order`: always the largest first. */
const orders = ["quota", "used_quota", "request_count"] as const;

const usersQuery = Type.Object({
  ...listQuery,
  order: Type.Optional(Type.String({ maxLength: limits.textLengthMax })),
  role: Type.Optional(Type.Integer({ minimum: 0 })),
  status: Type.Optional(Type.Integer({ minimum: 0, maximum: 3 })),
  group: Type.Optional(Type.String({ maxLength: limits.textLengthMax })),
});

/** Reading users, for admins. */
export function registerUserListRoutes(api: Api, { rpc }: AdminContext): void {
  api.get(
    "/user/",
    {
      config: { access: "admin" },
      schema: {
        tags,
        summary: "Users",
        querystring: usersQuery,
        response: { 200: pageOf(userSchema) },
      },
    },
    async ({ query }) => {
      const range = readUsersRange(query);
      const { users, total } = await rpc.users.listUsers({
        range,
        role: query.role ?? 0,
        status: readEnum(UserStatus, query.status) ?? UserStatus.UNSPECIFIED,
        group: query.group ?? "",
      });
      return page(users.map(userToWire), readTotal(range, total));
    },
  );
  api.get(
    "/user/search",
    {
      config: { access: "admin" },
      schema: {
        tags,
        summary: "Users by the beginning of name, shown name or e-mail, or by id",
        querystring: keywordQuery,
        response: { 200: pageOf(userSchema) },
      },
    },
    async ({ query }) => {
      const range = searchRange(query.keyword, limits.searchRowsMax);
      const { users } = await rpc.users.listUsers({ range });
      return page(users.map(userToWire), undefined);
    },
  );
  api.get(
    "/user/:id",
    {
      config: { access: "admin" },
      schema: {
        tags,
        summary: "One user",
        params: idParams,
        response: { 200: successOf(userSchema) },
      },
    },
    async (request) => {
      const { user: actor } = callerOf(request);
      const id = BigInt(request.params.id);
      return success(userToWire(await findManagedUser(rpc, actor, { id })));
    },
  );
}

function readUsersRange(query: Static<typeof usersQuery>): PageRange {
  const range = readRange(query, sortColumns);
  const order = orders.find((name) => name === query.order);
  return range.sort === "" && order !== undefined
    ? { ...range, sort: sortColumns[order], descending: true }
    : range;
}
