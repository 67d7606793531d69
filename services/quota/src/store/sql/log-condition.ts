import type { Database } from "@tollgate/kit/sql/database";
import { firstIdAt, activityNumbers } from "#domain/log-entry.ts";
import type { LogFilter } from "#domain/log-entry.ts";
import { allOf, prefixOf } from "./sql-condition.ts";
import type { SqlCondition } from "./sql-condition.ts";

/** Which of the two tables can hold rows that match. */
export function tablesOf(filter: LogFilter): {
  readonly hasUsage: boolean;
  readonly hasActivity: boolean;
} {
  const isUsageOnly = [filter.keyName, filter.requestId, filter.group, filter.isFailed].some(
    (field) => field !== undefined,
  );
  // Calls are described by their fields; only activity has a text of its own.
  const isActivityOnly = filter.contentPrefix !== undefined || filter.hasConsumption === false;
  return {
    hasUsage: (filter.kind === undefined || filter.kind === "consume") && !isActivityOnly,
    hasActivity: filter.kind !== "consume" && !isUsageOnly,
  };
}

/** The filter as a condition on `usage_log`. Times are ranges of the primary key. */
export function usageCondition(filter: LogFilter): SqlCondition {
  return allOf([
    ...idConditions("request_id", filter),
    filter.requestId !== undefined && {
      sql: "request_id = ?",
      parameters: [filter.requestId],
    },
    filter.userId !== undefined && { sql: "user_id = ?", parameters: [filter.userId] },
    filter.username !== undefined && { sql: "username = ?", parameters: [filter.username] },
    filter.keyName !== undefined && { sql: "key_name = ?", parameters: [filter.keyName] },
    filter.model !== undefined && { sql: "model = ?", parameters: [filter.model] },
    filter.channelId !== undefined && { sql: "channel_id = ?", parameters: [filter.channelId] },
    filter.group !== undefined && { sql: "user_group = ?", parameters: [filter.group] },
    filter.isFailed !== undefined && {
      sql: filter.isFailed ? "error_reason <> ''" : "error_reason = ''",
      parameters: [],
    },
  ]);
}

/** The filter as a condition on `activity_log`. */
export function activityCondition(
  { dialect }: Pick<Database, "dialect">,
  filter: LogFilter,
): SqlCondition {
  return allOf([
    ...idConditions("id", filter),
    filter.kind !== undefined &&
      filter.kind !== "consume" && {
        sql: "kind = ?",
        parameters: [activityNumbers[filter.kind]],
      },
    filter.userId !== undefined && { sql: "user_id = ?", parameters: [filter.userId] },
    filter.username !== undefined && { sql: "username = ?", parameters: [filter.username] },
    filter.model !== undefined && { sql: "model = ?", parameters: [filter.model] },
    filter.channelId !== undefined && { sql: "channel_id = ?", parameters: [filter.channelId] },
    filter.contentPrefix !== undefined && prefixOf(dialect, "content", filter.contentPrefix),
  ]);
}

function idConditions(column: string, filter: LogFilter): readonly (SqlCondition | false)[] {
  return [
    filter.fromSeconds !== undefined && {
      sql: `${column} >= ?`,
      parameters: [firstIdAt(filter.fromSeconds * 1000)],
    },
    filter.toSeconds !== undefined && {
      sql: `${column} < ?`,
      parameters: [firstIdAt((filter.toSeconds + 1) * 1000)],
    },
  ];
}
