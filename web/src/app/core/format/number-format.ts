/*
 * Every number that the portal shows is worded here, so that the same amount reads the same on
 * every page. Quota is One API's unit: an integer count of 1/QuotaPerUnit dollars. It is divided
 * only here, and by integer arithmetic, so that amounts beyond 2^53 stay exact.
 */

/** An integer amount of quota units as it comes from the wire or from integer arithmetic. */
export type Quota = number | bigint;

const MICRO = 1_000_000n;

/** Dollars in millionths, rounded half away from zero. */
export function quotaToMicros(quota: Quota, quotaPerUnit: number): bigint {
  const units = toBigInt(quota) * MICRO;
  const per = BigInt(Math.max(1, Math.round(quotaPerUnit)));
  const half = per / 2n;
  return units >= 0n ? (units + half) / per : -((-units + half) / per);
}

/**
 * Money, in full: 2 decimals from one dollar, 4 below one, 6 below one cent; an amount that is too
 * small to show is worded as "<$0.000001" and never as zero.
 */
export function formatMoney(quota: Quota, quotaPerUnit: number): string {
  const units = toBigInt(quota);
  const micros = quotaToMicros(units, quotaPerUnit);
  if (micros === 0n) return units === 0n ? "$0.00" : units > 0n ? "<$0.000001" : ">-$0.000001";
  const sign = micros < 0n ? "-" : "";
  const size = micros < 0n ? -micros : micros;
  const decimals = size >= MICRO ? 2 : size >= 10_000n ? 4 : 6;
  return `${sign}$${fixed(size, decimals)}`;
}

/**
 * Money with a fixed number of decimals, for columns whose cells must align; less than half of the
 * last decimal is worded as "<$0.01" and never as zero.
 */
export function formatMoneyFixed(quota: Quota, quotaPerUnit: number, decimals: number): string {
  const units = toBigInt(quota);
  const micros = quotaToMicros(units, quotaPerUnit);
  const size = micros < 0n ? -micros : micros;
  const step = 10n ** BigInt(6 - decimals);
  if (units !== 0n && size < (step + 1n) / 2n)
    return `${units > 0n ? "<" : ">-"}$${fixed(step, decimals)}`;
  return `${micros < 0n ? "-" : ""}$${fixed(size, decimals)}`;
}

/** Money for cards and axes: $12.3K in English, $1.23万 in Chinese. */
export function formatMoneyCompact(quota: Quota, quotaPerUnit: number, locale: string): string {
  const micros = quotaToMicros(quota, quotaPerUnit);
  const dollars = Number(micros) / 1e6;
  // Chinese counts in ten thousands: there is nothing shorter below that.
  if (Math.abs(dollars) < (locale.startsWith("zh") ? 10_000 : 1_000))
    return formatMoney(quota, quotaPerUnit);
  return `$${formatCompact(dollars, locale)}`;
}

/** Decimals of money on an axis up to `top`: equal for all labels; undefined from $1,000 on. */
export function axisDecimals(top: Quota, quotaPerUnit: number): number | undefined {
  const micros = quotaToMicros(top, quotaPerUnit);
  if (micros >= 1_000n * MICRO) return undefined;
  if (micros >= 5n * MICRO) return 0;
  if (micros >= MICRO / 20n) return 2;
  return micros >= 500n ? 4 : 6;
}

/** Grouped integer: 5,000,000. */
export function formatInteger(value: Quota): string {
  return toBigInt(value)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** Short count for cards: 1.2M in English, 120.4万 in Chinese. */
export function formatCompact(value: number, locale: string): string {
  const maximumFractionDigits = locale.startsWith("zh") && Math.abs(value) < 1e5 ? 2 : 1;
  return new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits }).format(
    value,
  );
}

/** 412 ms, 3.42 s, 2 m 05 s, 1 h 02 m. */
export function formatDuration(milliseconds: number): string {
  const ms = Math.max(0, milliseconds);
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_995) return `${(ms / 1000).toFixed(2)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${pad(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} m`;
}

/** A share of a whole: one decimal, two above 99, and "100%" only when nothing is missing. */
export function formatPercent(part: number, whole: number): string {
  if (whole <= 0) return "–";
  if (part >= whole) return "100%";
  const percent = (part / whole) * 100;
  if (percent > 99) return `${Math.min(99.99, Math.floor(percent * 100) / 100).toFixed(2)}%`;
  return `${percent.toFixed(1)}%`;
}

/** Price per million tokens from pico-dollars per token: $0.15 / 1M. */
export function formatPricePerMillion(picoPerToken: number | string): string {
  // A price in pico-dollars per token equals micro-dollars per million tokens.
  const text = fixed(BigInt(Math.round(Number(picoPerToken))), 6);
  return `$${text.replace(/(\.\d{2}\d*?)0+$/, "$1")} / 1M`;
}

/** Dollars from a decimal string of nano-dollars, at the resolution that money is stored in. */
export function formatNano(nano: string): string {
  if (!/^-?\d+$/.test(nano)) return "–";
  const value = BigInt(nano);
  const size = value < 0n ? -value : value;
  const fraction = (size % 1_000_000_000n)
    .toString()
    .padStart(9, "0")
    .replace(/0{1,7}$/, "");
  return `${value < 0n ? "-" : ""}$${formatInteger(size / 1_000_000_000n)}.${fraction}`;
}

/** A shorter streaming part is one packet: what it takes says nothing about the model's speed. */
const STREAMING_MS_MIN = 100;

/** Tokens per second of the answer's streaming part; undefined when it cannot be known. */
export function tokensPerSecond(
  tokens: number,
  totalMs: number,
  ttftMs: number,
): number | undefined {
  const streamingMs = totalMs - ttftMs;
  if (tokens <= 1 || streamingMs < STREAMING_MS_MIN) return undefined;
  return Math.round((tokens * 1000) / streamingMs);
}

/** Reads an amount of dollars that a person typed; undefined when it is not an amount. */
export function parseMoney(text: string, quotaPerUnit: number): number | undefined {
  const cleaned = text.trim().replace(/^\$/, "").replaceAll(",", "");
  const match = /^(-?)(\d{1,12})(?:\.(\d{0,6})\d*)?$/.exec(cleaned);
  if (!match) return undefined;
  const micros = BigInt(match[2] ?? "0") * MICRO + BigInt((match[3] ?? "").padEnd(6, "0"));
  const units = (micros * BigInt(Math.round(quotaPerUnit)) + MICRO / 2n) / MICRO;
  return Number(match[1] === "-" ? -units : units);
}

function fixed(micros: bigint, decimals: number): string {
  const step = 10n ** BigInt(6 - decimals);
  const rounded = (micros + step / 2n) / step;
  const scale = 10n ** BigInt(decimals);
  if (decimals === 0) return formatInteger(rounded);
  const fraction = (rounded % scale).toString().padStart(decimals, "0");
  return `${formatInteger(rounded / scale)}.${fraction}`;
}

function toBigInt(value: Quota): bigint {
  return typeof value === "bigint" ? value : BigInt(Math.round(Number.isFinite(value) ? value : 0));
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
