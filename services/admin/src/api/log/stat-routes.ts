import { type Static, Type } from "typebox";
import type { AdminContext } from "#admin-context.ts";
import { callerOf } from "#auth/caller.ts";
import { adminFaults } from "#faults.ts";
import type { Api } from "#http/api.ts";
import { success, successOf } from "#http/envelope.ts";
import { toQuotaUnits, toSafeNumber } from "#http/wire-number.ts";
import type { RpcClients } from "#rpc/rpc-clients.ts";
import { logFilter, ownLogFilter, readLogFilter } from "./log-query.ts";

const tags = ["log"];

const statSchema = Type.Object({
  quota: Type.Integer(),
  requests: Type.Integer(),
  tokens: Type.Integer(),
  rpm: Type.Integer({ description: "Calls of the last 60 seconds." }),
  tpm: Type.Integer({ description: "Tokens of the last 60 seconds." }),
});

const deleteQuery = Type.Object({
  target_timestamp: Type.Optional(
    Type.Integer({ maximum: 253_402_300_799, description: "Seconds since 1970." }),
  ),
});

/** Sums over the log, and clearing it. */
export function registerLogStatRoutes(api: Api, { rpc }: AdminContext): void {
  const response = { 200: successOf(statSchema) };
  api.get(
    "/log/stat",
    {
      config: { access: "admin" },
      schema: { tags, summary: "Everybody's consumption", querystring: logFilter, response },
    },
    async ({ query }) => success(await sumLog(rpc, query, 0n)),
  );
  api.get(
    "/log/self/stat",
    {
      config: { access: "user" },
      schema: { tags, summary: "Own consumption", querystring: ownLogFilter, response },
    },
    async (request) => success(await sumLog(rpc, request.query, callerOf(request).user.id)),
  );
  api.delete(
    "/log/",
    {
      config: { access: "admin" },
      schema: {
        tags,
        summary: "Remove rows older than a time, except consumption; the reply counts them",
        querystring: deleteQuery,
        response: { 200: successOf(Type.Integer()) },
      },
    },
    async ({ query }) => {
      const before = query.target_timestamp ?? 0;
      if (before <= 0) {
        throw adminFaults.fault("PARAMETER_INVALID", {
          sentence: "target_timestamp must be a time in seconds since 1970.",
        });
      }
      const { deleted } = await rpc.usage.deleteActivity({ beforeSeconds: BigInt(before) });
      return success(toSafeNumber(deleted));
    },
  );
}

async function sumLog(rpc: RpcClients, query: Static<typeof logFilter>, userId: bigint) {
  const sum = await rpc.usage.sumLog({ filter: readLogFilter(query, userId) });
  return {
    quota: toQuotaUnits(sum.costNanos),
    requests: toSafeNumber(sum.requests),
    tokens: toSafeNumber(sum.tokens),
    rpm: toSafeNumber(sum.requestsLastMinute),
    tpm: toSafeNumber(sum.tokensLastMinute),
  };
}
