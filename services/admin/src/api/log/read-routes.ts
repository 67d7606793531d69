import type { Static } from "typebox";
import { LogKind } from "@tollgate/proto/quota/v1/usage_service";
import type { AdminContext } from "#admin-context.ts";
import { callerOf } from "#auth/caller.ts";
import type { Api } from "#http/api.ts";
import { page, pageOf } from "#http/envelope.ts";
import { keywordQuery, readRange, readTotal, searchRange } from "#http/list-query.ts";
import { limits } from "#limits.ts";
import { readEnum } from "#rpc/read-enum.ts";
import type { RpcClients } from "#rpc/rpc-clients.ts";
import { logQuery, logSortColumns, ownLogQuery, readLogFilter } from "./log-query.ts";
import { logSchema, logToWire } from "./wire.ts";

const tags = ["log"];
const everybody = 0n;

/** Whose rows are read, and by whom. */
interface LogScope {
  readonly userId: bigint;
  readonly viewer: "owner" | "operator";
}

/** Reading the log. */
export function registerLogReadRoutes(api: Api, { rpc }: AdminContext): void {
  api.get(
    "/log/",
    {
      config: { access: "admin" },
      schema: {
        tags,
        summary: "Everybody's log, newest first",
        querystring: logQuery,
        response: { 200: pageOf(logSchema) },
      },
    },
    async ({ query }) => readLog(rpc, query, { userId: everybody, viewer: "operator" }),
  );
  api.get(
    "/log/self",
    {
      config: { access: "user" },
      schema: {
        tags,
        summary: "Own log, newest first",
        querystring: ownLogQuery,
        response: { 200: pageOf(logSchema) },
      },
    },
    async (request) => {
      const userId = callerOf(request).user.id;
      return readLog(rpc, request.query, { userId, viewer: "owner" });
    },
  );
  registerSearches(api, rpc);
}

function registerSearches(api: Api, rpc: RpcClients): void {
  const response = { 200: pageOf(logSchema) };
  api.get(
    "/log/search",
    {
      config: { access: "admin" },
      schema: {
        tags,
        summary: "Everybody's log by type or by the beginning of the content",
        querystring: keywordQuery,
        response,
      },
    },
    async ({ query }) => searchLog(rpc, query.keyword, { userId: everybody, viewer: "operator" }),
  );
  api.get(
    "/log/self/search",
    {
      config: { access: "user" },
      schema: {
        tags,
        summary: "Own log by type or by the beginning of the content",
        querystring: keywordQuery,
        response,
      },
    },
    async (request) => {
      const userId = callerOf(request).user.id;
      return searchLog(rpc, request.query.keyword, { userId, viewer: "owner" });
    },
  );
}

async function readLog(
  rpc: RpcClients,
  query: Static<typeof logQuery>,
  { userId, viewer }: LogScope,
) {
  const range = readRange(query, logSortColumns);
  const { entries, total } = await rpc.usage.searchLog({
    filter: readLogFilter(query, userId),
    range,
  });
  return page(
    entries.map((entry) => logToWire(entry, viewer)),
    readTotal(range, total),
  );
}

/** One API's search: a number is a type, anything else the beginning of the content. */
async function searchLog(
  rpc: RpcClients,
  keyword: string | undefined,
  { userId, viewer }: LogScope,
) {
  const kind = readEnum(LogKind, /^[1-5]$/u.test(keyword ?? "") ? Number(keyword) : undefined);
  const { entries } = await rpc.usage.searchLog({
    filter: { userId, kind: kind ?? LogKind.UNSPECIFIED },
    range: searchRange(kind === undefined ? keyword : "", limits.logSearchRowsMax),
  });
  return page(
    entries.map((entry) => logToWire(entry, viewer)),
    undefined,
  );
}
