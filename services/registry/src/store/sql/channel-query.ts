import type { SqlValue } from "@tollgate/kit/sql/sql-session";
import { containsPattern, limitOffset } from "@tollgate/kit/sql/sql-dialect";
import type { ChannelQuery, ChannelSort } from "#usecases/ports.ts";
import type { CredentialSeal } from "./credential-seal.ts";
import { statusToRow } from "./row.ts";

/** A part of a statement with its parameters. */
export interface SqlPart {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

// Trusted names, so that no text of a request becomes SQL.
const sortColumns = {
  id: "id",
  name: "name",
  type: "type",
  status: "status",
  priority: "priority",
  weight: "weight",
  response_time_ms: "response_time_ms",
  test_time: "test_time",
  balance_nanos: "balance_nanos",
  used_nanos: "used_nanos",
  created_at: "created_at",
} as const satisfies Readonly<Record<ChannelSort, string>>;

/** The `where` of a query, "" when everything matches. */
export function whereOf(query: ChannelQuery, seal: CredentialSeal): SqlPart {
  const parts: SqlPart[] = [];
  if (query.status !== undefined) {
    parts.push({ sql: "c.status = ?", parameters: [statusToRow(query.status)] });
  }
  if (query.type !== undefined) {
    parts.push({ sql: "c.type = ?", parameters: [query.type] });
  }
  parts.push(...abilityFilter(query));
  if (query.keyword !== undefined) {
    parts.push(keywordFilter(query.keyword, seal));
  }
  return {
    sql: parts.length === 0 ? "" : ` where ${parts.map(({ sql }) => sql).join(" and ")}`,
    parameters: parts.flatMap(({ parameters }) => parameters),
  };
}

/** The order and the cut of a query; the id decides between equals. */
export function orderOf({ sort, descending, limit, offset }: ChannelQuery): string {
  const direction = descending ? "desc" : "asc";
  const tieBreak = sort === "id" ? "" : `, c.id ${direction}`;
  return ` order by c.${sortColumns[sort]} ${direction}${tieBreak}${limitOffset(limit, offset)}`;
}

function abilityFilter({ group, model }: ChannelQuery): readonly SqlPart[] {
  if (model !== undefined) {
    const ofGroup = group === undefined ? "" : " and a.group_name = ?";
    return [
      {
        sql: `c.id in (select a.channel_id from registry_abilities a where a.model = ?${ofGroup})`,
        parameters: group === undefined ? [model] : [model, group],
      },
    ];
  }
  if (group === undefined) {
    return [];
  }
  // By the primary key one row of the channel is found, however many models it has.
  const sql =
    "exists (select 1 from registry_abilities a where a.channel_id = c.id and a.group_name = ?)";
  return [{ sql, parameters: [group] }];
}

function keywordFilter(keyword: string, seal: CredentialSeal): SqlPart {
  const pattern = containsPattern(keyword.toLowerCase());
  const tests: SqlPart[] = [
    { sql: "lower(c.name) like ? escape '!'", parameters: [pattern] },
    { sql: "lower(c.base_url) like ? escape '!'", parameters: [pattern] },
    { sql: "lower(c.key_hint) like ? escape '!'", parameters: [pattern] },
    // A whole credential finds the channels that have it, without being stored anywhere readable.
    { sql: "c.credential_fingerprint = ?", parameters: [seal.fingerprint(keyword)] },
  ];
  if (/^\d{1,9}$/u.test(keyword)) {
    tests.push({ sql: "c.id = ?", parameters: [Number(keyword)] });
  }
  return {
    sql: `(${tests.map(({ sql }) => sql).join(" or ")})`,
    parameters: tests.flatMap(({ parameters }) => parameters),
  };
}
