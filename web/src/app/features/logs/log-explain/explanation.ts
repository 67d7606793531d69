/** One line of the computation: so many units at so many pico-dollars. */
export interface ExplainedLine {
  readonly bucket: string;
  readonly units: number;
  readonly price_pico: string;
  readonly pico: string;
}

/** How the amount comes about; the exact figures are decimal texts. */
export interface Computation {
  readonly lines: readonly ExplainedLine[];
  readonly prompt_tokens: number;
  readonly tier_above: number;
  readonly tiers: readonly number[];
  readonly sum_pico: string;
  readonly group_ppm: number;
  readonly user_ppm: number;
  readonly exact_fraction: string;
  readonly exact_nano: string;
  readonly rounding_nano: string;
  readonly capped: boolean;
  readonly free_basis: boolean;
  readonly amount_nano: string;
}

/** A try at an upstream; channel and cost are told to operators only. */
export interface ExplainedAttempt {
  readonly status: number;
  readonly reason: string;
  readonly elapsed_ms: number;
  readonly channel?: number;
  readonly upstream_cost_nano?: string;
}

export interface ExplainedRefund {
  readonly seq: number;
  readonly amount_nano: string;
  readonly reason: string;
  readonly at: number;
}

/** What `GET /api/log/:request_id/explain` tells. */
export interface Explanation {
  readonly priced_model: string;
  readonly price_version: number;
  readonly price_effective_at: number;
  readonly price_state: "known" | "version_gone" | "model_unpriced";
  readonly computation?: Computation;
  readonly cost_nano: string;
  readonly matches?: boolean;
  readonly basis: string;
  readonly attempts: readonly ExplainedAttempt[];
  readonly refunds: readonly ExplainedRefund[];
  readonly refunded_nano: string;
  readonly holds: {
    readonly leases: readonly unknown[];
    /** Absent for a call that needed no money set aside. */
    readonly paid_by?: { readonly hold_nano: string; readonly beyond_nano: string };
  };
  readonly flags: Readonly<Record<"late" | "corrected" | "price_outdated", boolean>>;
  readonly upstream_cost_nano?: string;
}

const PICO_DIGITS = 12;
const NANO_DIGITS = 9;
const PER_MILLION: ReadonlySet<string> = new Set([
  "input",
  "cache_read",
  "cache_write_5m",
  "cache_write_1h",
  "output",
  "reasoning",
  "audio_input",
  "audio_output",
  "image_input",
  "image_output",
  "character",
]);

/** Dollars from a decimal text of nano-dollars, every digit of it: "1875.25" is $0.00000187525. */
export function exactDollars(nanos: string): string {
  return `$${shiftLeft(nanos, NANO_DIGITS)}`;
}

/** Dollars from whole pico-dollars, every digit of them. */
export function picoDollars(picos: string): string {
  return `$${shiftLeft(picos, PICO_DIGITS)}`;
}

/** True when a bucket's price is told per million of its units. */
export function isPricedPerMillion(bucket: string): boolean {
  return PER_MILLION.has(bucket);
}

/** Parts per million as a plain factor: 333,333 is 0.333333. */
export function factor(ppm: number): string {
  return shiftLeft(String(ppm), 6);
}

/** Moves the point of a decimal text without computing anything. */
function shiftLeft(text: string, places: number): string {
  const [whole = "0", fraction = ""] = text.split(".");
  const digits = whole.padStart(places + 1, "0");
  const point = digits.length - places;
  const rest = (digits.slice(point) + fraction).replace(/0+$/, "");
  return rest === "" ? digits.slice(0, point) : `${digits.slice(0, point)}.${rest}`;
}
