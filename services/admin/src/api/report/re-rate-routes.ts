import { type Static, Type } from "typebox";
import type { ReRateResponse, ReRatedCalls } from "@tollgate/proto/quota/v1/report_service";
import type { AdminContext } from "#admin-context.ts";
import type { Api } from "#http/api.ts";
import { success, successOf } from "#http/envelope.ts";
import { toSafeNumber, toSeconds } from "#http/wire-number.ts";
import { limits } from "#limits.ts";

const second = Type.Integer({ minimum: 0, maximum: 253_402_300_799 });
const id = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

const orderBody = Type.Object({
  from: second,
  to: second,
  price_version: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  user_id: Type.Optional(id),
  after: Type.Optional(
    Type.String({ maxLength: 64, description: "What an incomplete answer named as next." }),
  ),
});

const sums = {
  calls: Type.Integer(),
  billed_nano: Type.String({ description: "As billed, nano-USD." }),
  re_rated_nano: Type.String({ description: "Under the other version, nano-USD." }),
  difference_nano: Type.String({ description: "Re-rated minus billed, nano-USD." }),
  unpriced_calls: Type.Integer({
    description: "Calls without a price in the version; they count as they were billed.",
  }),
};

const rowSchema = Type.Object({
  user_id: Type.Integer(),
  username: Type.String(),
  model: Type.String(),
  ...sums,
});

const answerSchema = Type.Object({
  dry_run: Type.Literal(true, { description: "Nothing is ever written." }),
  price_version: Type.Integer(),
  rows: Type.Array(rowSchema),
  total: Type.Object(sums),
  complete: Type.Boolean({ description: "False: ask again with after = next and add up." }),
  next: Type.String(),
  log_from: Type.Integer({
    description: "Earlier calls are no longer in the log; seconds since 1970, 0 = all are.",
  }),
});

/** What calls would have cost, for root. */
export function registerReRateRoutes(api: Api, { rpc, clock }: AdminContext): void {
  api.post(
    "/report/re_rate",
    {
      config: { access: "root" },
      schema: {
        tags: ["report"],
        summary: "What calls would have cost under another price version; writes nothing",
        body: orderBody,
        response: { 200: successOf(answerSchema) },
      },
    },
    async ({ body }) => {
      const sum = createSum();
      const untilMs = clock.nowMs() + limits.reRateMs;
      for (let after = body.after ?? ""; ;) {
        const part = await rpc.reports.reRate({ ...orderOf(body), after });
        sum.add(part);
        after = part.after;
        const isOver = clock.nowMs() >= untilMs || sum.size() >= limits.reRateRowsMax;
        if (!part.more || isOver) {
          return success({
            dry_run: true as const,
            price_version: body.price_version,
            ...sum.read(),
            complete: !part.more,
            next: part.after,
            log_from: toSeconds(part.logFromMs),
          });
        }
      }
    },
  );
}

function orderOf(body: Static<typeof orderBody>) {
  return {
    fromMs: BigInt(body.from) * 1000n,
    toMs: BigInt(body.to) * 1000n,
    priceVersion: BigInt(body.price_version),
    userId: BigInt(body.user_id ?? 0),
  };
}

type Sums = Pick<ReRatedCalls, "calls" | "billedNanos" | "reRatedNanos" | "unpricedCalls">;

/** Adds up parts by user and model. */
function createSum() {
  const rows = new Map<string, ReRatedCalls>();
  return {
    size: () => rows.size,
    add(part: Pick<ReRateResponse, "rows">): void {
      for (const row of part.rows) {
        const key = `${row.userId}/${row.model}`;
        const known = rows.get(key);
        rows.set(key, known === undefined ? row : { ...row, ...addSums(known, row) });
      }
    },
    read() {
      const nothing = { calls: 0n, billedNanos: 0n, reRatedNanos: 0n, unpricedCalls: 0n };
      const all = [...rows.values()];
      return {
        rows: all.map((row) => {
          const name = { user_id: toSafeNumber(row.userId), username: row.username };
          return { ...name, model: row.model, ...sumsToWire(row) };
        }),
        total: sumsToWire(all.reduce<Sums>(addSums, nothing)),
      };
    },
  };
}

function addSums(left: Sums, right: Sums): Sums {
  return {
    calls: left.calls + right.calls,
    billedNanos: left.billedNanos + right.billedNanos,
    reRatedNanos: left.reRatedNanos + right.reRatedNanos,
    unpricedCalls: left.unpricedCalls + right.unpricedCalls,
  };
}

function sumsToWire({ calls, billedNanos, reRatedNanos, unpricedCalls }: Sums) {
  return {
    calls: toSafeNumber(calls),
    billed_nano: billedNanos.toString(),
    re_rated_nano: reRatedNanos.toString(),
    difference_nano: (reRatedNanos - billedNanos).toString(),
    unpriced_calls: toSafeNumber(unpricedCalls),
  };
}
