import { type Static, Type } from "typebox";
import { MarginKey } from "@tollgate/proto/quota/v1/price_service";
import type { MarginRow } from "@tollgate/proto/quota/v1/price_service";
import type { AdminContext } from "#admin-context.ts";
import type { Api } from "#http/api.ts";
import { success, successOf } from "#http/envelope.ts";
import { toSafeNumber } from "#http/wire-number.ts";

const second = Type.Integer({ minimum: 0, maximum: 253_402_300_799 });

const nano = (what: string) => Type.String({ description: `${what}, nano-USD.` });

const rowSchema = Type.Object({
  channel: Type.Optional(Type.Integer({ description: "0 = no channel served." })),
  model: Type.Optional(Type.String()),
  user_id: Type.Optional(Type.Integer()),
  username: Type.Optional(Type.String({ description: "Empty for a user that is gone." })),
  requests: Type.Integer(),
  cost_nano: nano("What customers paid"),
  upstream_cost_nano: nano("What upstreams charge, lost tries included"),
  margin_nano: nano("The difference"),
});

const keys = {
  channel: MarginKey.CHANNEL,
  model: MarginKey.MODEL,
  user: MarginKey.USER,
} as const;

type MarginBy = keyof typeof keys;

/** What is earned. */
export function registerMarginRoutes(api: Api, { rpc }: AdminContext): void {
  api.get(
    "/margin",
    {
      config: { access: "admin" },
      schema: {
        tags: ["price"],
        summary: "What customers paid and upstreams charge, by whole days (UTC)",
        querystring: Type.Object({
          from: Type.Optional(second),
          to: Type.Optional(second),
          by: Type.Optional(
            Type.Union([Type.Literal("channel"), Type.Literal("model"), Type.Literal("user")]),
          ),
        }),
        response: { 200: successOf(Type.Array(rowSchema)) },
      },
    },
    async ({ query }) => {
      const by = query.by ?? "channel";
      const { rows } = await rpc.prices.getMargin({
        fromSeconds: BigInt(query.from ?? 0),
        toSeconds: BigInt(query.to ?? 0),
        by: keys[by],
      });
      return success(rows.map((row) => rowToWire(row, by)));
    },
  );
}

function rowToWire(row: MarginRow, by: MarginBy): Static<typeof rowSchema> {
  return { ...nameOf(row, by), ...sumsOf(row) };
}

function nameOf({ id, name }: MarginRow, by: MarginBy) {
  switch (by) {
    case "channel":
      return { channel: toSafeNumber(id) };
    case "model":
      return { model: name };
    case "user":
      return { user_id: toSafeNumber(id), username: name };
  }
}

function sumsOf({ requests, costNanos, upstreamCostNanos }: MarginRow) {
  return {
    requests: toSafeNumber(requests),
    cost_nano: costNanos.toString(),
    upstream_cost_nano: upstreamCostNanos.toString(),
    margin_nano: (costNanos - upstreamCostNanos).toString(),
  };
}
