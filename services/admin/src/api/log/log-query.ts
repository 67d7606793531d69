import { type Static, Type } from "typebox";
import { LogKind } from "@tollgate/proto/quota/v1/usage_service";
import { listQuery } from "#http/list-query.ts";
import { limits } from "#limits.ts";
import { presentFields } from "#rpc/present-fields.ts";
import { readEnum } from "#rpc/read-enum.ts";

const text = Type.Optional(Type.String({ maxLength: limits.textLengthMax }));
const time = Type.Optional(Type.Number({ minimum: 0, maximum: 253_402_300_799 }));

const filterFields = {
  type: Type.Optional(Type.Integer({ minimum: 0, maximum: 5 })),
  start_timestamp: time,
  end_timestamp: time,
  token_name: text,
  model_name: text,
  channel: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
  request_id: text,
  group: text,
  status: Type.Optional(Type.Union([Type.Literal("ok"), Type.Literal("error")])),
};

/** Filters of the own log. */
export const ownLogFilter = Type.Object(filterFields);

/** Filters of everybody's log. */
export const logFilter = Type.Object({ ...filterFields, username: text });

/** Filters and pages of the own log. */
export const ownLogQuery = Type.Object({ ...listQuery, ...filterFields });

/** Filters and pages of everybody's log. */
export const logQuery = Type.Object({ ...listQuery, ...filterFields, username: text });

/** Columns that the log can be sorted by. */
export const logSortColumns = {
  created_at: "created_at",
  quota: "cost_nanos",
  cost_nano: "cost_nanos",
  elapsed_time: "duration_ms",
  prompt_tokens: "prompt_tokens",
  completion_tokens: "completion_tokens",
} as const;

/** The filter in quota's words. `userId` is 0 for everybody's rows. */
export function readLogFilter(query: Static<typeof logFilter>, userId: bigint) {
  return {
    userId,
    kind: readEnum(LogKind, query.type) ?? LogKind.UNSPECIFIED,
    fromSeconds: BigInt(Math.floor(query.start_timestamp ?? 0)),
    toSeconds: BigInt(Math.floor(query.end_timestamp ?? 0)),
    username: query.username ?? "",
    keyName: query.token_name ?? "",
    model: query.model_name ?? "",
    channelId: BigInt(query.channel ?? 0),
    requestId: query.request_id ?? "",
    group: query.group ?? "",
    ...presentFields({ failed: query.status === undefined ? undefined : query.status === "error" }),
  };
}
