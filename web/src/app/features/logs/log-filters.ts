/*
 * The log's filters in the URL. A named range such as "24h" moves with the clock; the server gets
 * the seconds that it means at the moment of the request.
 */

export const LOG_FILTERS = [
  "range",
  "type",
  "status",
  "model_name",
  "token_name",
  "username",
  "channel",
  "group",
  "request_id",
] as const;

export const RANGES = ["1h", "24h", "7d", "30d", "90d", "all"] as const;
export type Range = (typeof RANGES)[number];

const DEFAULT_RANGE: Range = "24h";

const SECONDS: Readonly<Record<Exclude<Range, "all">, number>> = {
  "1h": 3_600,
  "24h": 86_400,
  "7d": 604_800,
  "30d": 2_592_000,
  "90d": 7_776_000,
};

/** Rounded down to the minute, so that equal questions within a minute are equal requests. */
const STEP_SECONDS = 60;

export function toRange(text: string | undefined): Range {
  return RANGES.find((range) => range === text) ?? DEFAULT_RANGE;
}

/** The filters as the management API takes them. */
export function logWireFilters(
  filters: Readonly<Record<string, string>>,
  nowSeconds: number,
): Readonly<Record<string, string>> {
  const { range: named, ...rest } = filters;
  const range = toRange(named);
  if (range === "all") return rest;
  const from = Math.floor((nowSeconds - SECONDS[range]) / STEP_SECONDS) * STEP_SECONDS;
  return { ...rest, start_timestamp: String(from) };
}

interface LiveRow {
  readonly type: number;
  readonly model_name: string;
  readonly token_name: string;
  readonly username?: string;
  readonly status?: string;
  readonly group?: string;
  readonly request_id: string;
  readonly channel?: number;
}

/** The server tells failed calls ("error") from all the others ("ok"), and no finer. */
function sideOf(status: string | undefined): string {
  return status === "error" ? "error" : "ok";
}

/** True when a row that has just come in belongs to the list with these filters. */
export function matchesFilters(row: LiveRow, filters: Readonly<Record<string, string>>): boolean {
  const named: Readonly<Record<string, string | number | undefined>> = {
    type: row.type,
    model_name: row.model_name,
    token_name: row.token_name,
    username: row.username,
    status: sideOf(row.status),
    group: row.group,
    request_id: row.request_id,
    channel: row.channel,
  };
  return Object.entries(filters).every(
    ([name, value]) => !(name in named) || value === "0" || String(named[name] ?? "") === value,
  );
}
