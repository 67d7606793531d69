import type { Tone } from "#ui/badge";
import type { IconName } from "#ui/icon/icons";

/** One hop of a call: which channel was tried and how it ended. */
export interface Attempt {
  readonly channel: number | string;
  readonly status: string | number;
  readonly reason?: string;
  readonly elapsed_ms: number;
}

/** The price that a call was charged with. */
export interface PriceFacts {
  readonly input_pico?: number | string;
  readonly output_pico?: number | string;
  readonly multiplier_ppm?: number;
  readonly version?: number | string;
}

/** A log row as `GET /api/log/` and `/api/log/self` list it. */
export interface LogRow {
  readonly id: number;
  readonly created_at: number;
  readonly type: number;
  readonly content: string;
  readonly username?: string;
  readonly token_name: string;
  readonly model_name: string;
  readonly quota: number;
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly channel?: number;
  readonly request_id: string;
  readonly elapsed_time: number;
  readonly is_stream: boolean;
  readonly system_prompt_reset?: boolean;
  /** "ok", "error", "aborted", "partial", "cutoff" or "interrupted". */
  readonly status?: string;
  /** How the usage became known, such as "usage" or "counted"; empty when nothing was called. */
  readonly basis?: string;
  /** Nobody counted the tokens: they were taken from the number of bytes. */
  readonly is_estimated?: boolean;
  readonly ttft_ms?: number;
  readonly cache_read_tokens?: number;
  readonly cache_write_tokens?: number;
  readonly reasoning_tokens?: number;
  readonly group?: string;
  readonly upstream_model?: string;
  readonly cost_nano?: string;
  /** What was given back of it. */
  readonly refunded_nano?: string;
  readonly attempts?: readonly Attempt[];
  readonly price?: PriceFacts | null;
  readonly error?: string;
}

/** Sums over a whole filter. */
export interface LogTotals {
  readonly quota: number;
  readonly requests?: number;
  readonly tokens?: number;
  readonly rpm?: number;
  readonly tpm?: number;
}

const LOG_USAGE = 2;
const LOG_TEST = 5;

/** Rows of one's own log carry no id, so the request and the moment stand in for it. */
export function logKey(row: LogRow): string {
  return row.id > 0 ? String(row.id) : `${row.request_id || row.content}-${row.created_at}`;
}

export interface OutcomeLook {
  readonly label: string;
  readonly tone: Tone;
  readonly icon: IconName;
}

const OUTCOMES: Readonly<Record<string, OutcomeLook>> = {
  ok: { label: "logs.outcome.ok", tone: "ok", icon: "check" },
  error: { label: "logs.outcome.error", tone: "bad", icon: "circle-x" },
  aborted: { label: "logs.outcome.aborted", tone: "warn", icon: "ban" },
  partial: { label: "logs.outcome.partial", tone: "warn", icon: "alert" },
  cutoff: { label: "logs.outcome.cutoff", tone: "warn", icon: "clock" },
  interrupted: { label: "logs.outcome.interrupted", tone: "warn", icon: "plug" },
};

export function outcomeOf(row: LogRow): OutcomeLook | undefined {
  if (row.type !== LOG_USAGE && row.type !== LOG_TEST) return undefined;
  const status = row.status || "ok";
  return OUTCOMES[status] ?? { label: status, tone: "neutral", icon: "info" };
}

/** True when the call cost something, be it less than a whole quota unit. */
export function isCharged({ quota, cost_nano: nano }: LogRow): boolean {
  return quota !== 0 || (nano !== undefined && nano !== "" && nano !== "0");
}

/** True for a settled call: how its charge came about can be asked for. */
export function isExplainable({ type, request_id: id }: LogRow): boolean {
  return type === LOG_USAGE && /^[0-9a-f]{8}-/.test(id);
}

/** A number of tokens; an estimate says so at the number itself. */
export function tokenCount({ is_estimated: isEstimated }: LogRow, count: string): string {
  return isEstimated ? `≈ ${count}` : count;
}

/** True for a call of a model; a refund names the model as well, but it is none. */
export function isCall({ type, model_name: model }: LogRow): boolean {
  return model !== "" && (type === LOG_USAGE || type === LOG_TEST);
}

/** A row's name for people: the model that was called, else what happened. */
export function logName(row: LogRow): string {
  return (isCall(row) ? row.model_name : row.content) || row.request_id;
}

/** Channels in the order in which they were tried. */
export function hops(row: LogRow): readonly (number | string)[] {
  const tried = (row.attempts ?? []).map((attempt) => attempt.channel);
  if (tried.length > 0) return tried;
  return row.channel ? [row.channel] : [];
}
