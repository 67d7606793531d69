import type { FastifyReply } from "fastify";
import { type Static, Type } from "typebox";
import type { AdminContext } from "#admin-context.ts";
import { callerOf } from "#auth/caller.ts";
import type { Api } from "#http/api.ts";
import { success, successOf } from "#http/envelope.ts";
import type { RpcClients } from "#rpc/rpc-clients.ts";
import { statementCsv } from "./statement-csv.ts";
import { statementSchema, statementToWire } from "./statement-wire.ts";

const tags = ["report"];

const ownQuery = Type.Object({
  month: Type.String({ pattern: "^\\d{4}-\\d{2}$", description: "YYYY-MM, a month of UTC." }),
  format: Type.Optional(Type.Union([Type.Literal("json"), Type.Literal("csv")])),
});

const query = Type.Object({
  user_id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  ...ownQuery.properties,
});

const response = {
  200: Type.Union([
    successOf(statementSchema),
    Type.String({ description: "text/csv with format=csv." }),
  ]),
};

/** Months of customers, for admins, and one's own. */
export function registerStatementRoutes(api: Api, { rpc }: AdminContext): void {
  api.get(
    "/report/statement",
    {
      config: { access: "admin" },
      schema: {
        tags,
        summary: "A user's month: balances and all between",
        querystring: query,
        response,
      },
    },
    async (request, reply) =>
      answer(rpc, reply, { userId: BigInt(request.query.user_id), query: request.query }),
  );
  api.get(
    "/user/statement",
    {
      config: { access: "user" },
      schema: {
        tags,
        summary: "Own month: balances and all between",
        querystring: ownQuery,
        response,
      },
    },
    async (request, reply) =>
      answer(rpc, reply, { userId: callerOf(request).user.id, query: request.query }),
  );
}

async function answer(
  rpc: Pick<RpcClients, "reports">,
  reply: FastifyReply,
  {
    userId,
    query: { month, format },
  }: { readonly userId: bigint; readonly query: Static<typeof ownQuery> },
) {
  const [year = 0, number = 0] = month.split("-").map(Number);
  const told = await rpc.reports.getStatement({ userId, year, month: number });
  const statement = statementToWire(told, { userId, month });
  if (format !== "csv") {
    return success(statement);
  }
  reply
    .type("text/csv; charset=utf-8")
    .header("content-disposition", `attachment; filename="statement-${userId}-${month}-utc.csv"`);
  return statementCsv(statement);
}
