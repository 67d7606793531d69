/** One bucket of one model; `t` is unix seconds, amounts are quota units. */
export interface UsagePoint {
  readonly t: number;
  readonly model: string;
  readonly requests: number;
  readonly errors: number;
  readonly quota: number;
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly cached_tokens: number;
}

export interface UsageSeries {
  readonly bucket_seconds: number;
  readonly points: readonly UsagePoint[];
}

export type Measure = "quota" | "requests" | "tokens";
export type Window = "24h" | "7d" | "30d";

const WINDOW_SECONDS: Readonly<Record<Window, number>> = {
  "24h": 86_400,
  "7d": 604_800,
  "30d": 2_592_000,
};

/** Wide enough for bars that can be told apart. */
const SHOWN_STEP_SECONDS: Readonly<Record<Window, number>> = {
  "24h": 3_600,
  "7d": 21_600,
  "30d": 86_400,
};

export interface ModelSeries {
  /** Empty for all models that are not among the top ones. */
  readonly model: string;
  readonly values: readonly number[];
  readonly total: number;
}

const TOP = 6;

/** Every bucket of the window, also those in which nothing happened, oldest first. */
export function bucketsOf(series: UsageSeries, window: Window, now: number): readonly number[] {
  const step = Math.max(SHOWN_STEP_SECONDS[window], series.bucket_seconds);
  const last = Math.floor(now / step) * step;
  const count = Math.min(800, Math.ceil(WINDOW_SECONDS[window] / step));
  return Array.from({ length: count }, (_, index) => last - (count - 1 - index) * step);
}

function measureOf(point: UsagePoint, measure: Measure): number {
  return measure === "tokens" ? point.prompt_tokens + point.completion_tokens : point[measure];
}

/** One row of values per model for the biggest models, and one for all the others together. */
export function byModel(
  points: readonly UsagePoint[],
  buckets: readonly number[],
  measure: Measure,
): readonly ModelSeries[] {
  const place = new Map(buckets.map((start, index) => [start, index]));
  const step = (buckets[1] ?? 1) - (buckets[0] ?? 0);
  const models = new Map<string, number[]>();
  for (const point of points) {
    const index = place.get(Math.floor(point.t / step) * step) ?? place.get(point.t);
    if (index === undefined) continue;
    const values = models.get(point.model) ?? buckets.map(() => 0);
    values[index] = (values[index] ?? 0) + measureOf(point, measure);
    models.set(point.model, values);
  }
  const all = [...models].map(([model, values]) => ({ model, values, total: sum(values) }));
  all.sort((a, b) => b.total - a.total);
  const rest = all.slice(TOP);
  if (rest.length === 0) return all;
  const values = buckets.map((_, index) => sum(rest.map((entry) => entry.values[index] ?? 0)));
  return [...all.slice(0, TOP), { model: "", values, total: sum(values) }];
}

/** The highest stack of bars. */
export function highest(series: readonly ModelSeries[]): number {
  const stacks = series[0]?.values.map((_, index) =>
    sum(series.map((entry) => entry.values[index] ?? 0)),
  );
  return Math.max(0, ...(stacks ?? []));
}

/** One value per bucket over all models. */
export function overTime(
  points: readonly UsagePoint[],
  buckets: readonly number[],
  read: (point: UsagePoint) => number,
): readonly number[] {
  const step = (buckets[1] ?? 1) - (buckets[0] ?? 0);
  const values = new Map<number, number>();
  for (const point of points) {
    const start = Math.floor(point.t / step) * step;
    values.set(start, (values.get(start) ?? 0) + read(point));
  }
  return buckets.map((start) => values.get(start) ?? 0);
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
