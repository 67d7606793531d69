/**
 * The log: settled calls (from the usage log) and everything else (activity) seen as one list. Both kinds of row are
 * keyed by a UUIDv7, so a window of time is a range of keys and "newest first" is the order of the key.
 */
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import { fault } from "./faults.ts";
import type { SettledCall } from "./settled-call.ts";

/** One API's kinds of log rows. */
export type LogKind = "top-up" | "consume" | "manage" | "system" | "test";

/** Kinds that are written by hand rather than by settling a call. */
export type ActivityKind = Exclude<LogKind, "consume">;

/** One API's numbers of the kinds, as they are stored. */
export const activityNumbers = Object.freeze({
  "top-up": 1,
  manage: 3,
  system: 4,
  test: 5,
}) satisfies Readonly<Record<ActivityKind, number>>;

/** Which rows of the log are meant; an absent field matches all. */
export interface LogFilter {
  readonly userId?: number;
  readonly kind?: LogKind;
  /** Inclusive, seconds since 1970. */
  readonly fromSeconds?: number;
  /** Inclusive, seconds since 1970. */
  readonly toSeconds?: number;
  readonly username?: string;
  readonly keyName?: string;
  readonly model?: string;
  readonly channelId?: number;
  /** 16 bytes. */
  readonly requestId?: Uint8Array;
  readonly group?: string;
  readonly isFailed?: boolean;
  /** Beginning of the content. */
  readonly contentPrefix?: string;
  /** False = settled calls are left out. */
  readonly hasConsumption?: boolean;
}

/** A row that is no consumption. */
export interface Activity {
  /** UUIDv7, 16 bytes. */
  readonly id: Uint8Array;
  readonly kind: ActivityKind;
  /** 0 = nobody. */
  readonly userId: number;
  readonly username: string;
  readonly content: string;
  /** 0 = none. */
  readonly channelId: number;
  readonly model: string;
  readonly durationMs: number;
}

/** An activity to be written. */
export type NewActivity = Omit<Activity, "id" | "username">;

const contentCharactersMax = 2000;
const modelCharactersMax = 128;
// 11 bits below the milliseconds keep the number within 2^53 until the year 2109.
const idStepsPerMs = 2048;
const msMax = 2 ** 42;

/**
 * The number that the log shows for a row: its milliseconds and eleven more bits of its UUIDv7. It grows with time and
 * fits a JavaScript integer; two rows of one millisecond may rarely share it, so nothing is looked up by it.
 */
export function logNumber(id: Uint8Array): number {
  const view = new DataView(id.buffer, id.byteOffset, id.byteLength);
  const timeMs = view.getUint16(0) * 2 ** 32 + view.getUint32(2);
  return timeMs * idStepsPerMs + ((view.getUint16(6) & 0x0fff) >> 1);
}

/** The smallest UUID (any version) that a row written at or after `timeMs` can have. */
export function firstIdAt(timeMs: number): Uint8Array {
  const bounded = Math.max(0, Math.min(Math.floor(timeMs), msMax));
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Math.floor(bounded / 2 ** 32));
  view.setUint32(2, bounded % 2 ** 32);
  return bytes;
}

/** Texts longer than a column are cut; other fields must be right. Throws ACTIVITY_INVALID. */
export function checkActivity(activity: NewActivity): NewActivity {
  const isWrong = !isId(activity.userId) || !isId(activity.channelId) || !isId(activity.durationMs);
  if (isWrong) {
    throw fault("ACTIVITY_INVALID");
  }
  return {
    ...activity,
    content: activity.content.slice(0, contentCharactersMax),
    model: activity.model.slice(0, modelCharactersMax),
  };
}

/** One row of the log. */
export type LogRow =
  | { readonly source: "usage"; readonly call: SettledCall }
  | { readonly source: "activity"; readonly activity: Activity };

/** Consumption over time. */
export interface SeriesQuery {
  /** undefined = all. */
  readonly userId: number | undefined;
  /** Inclusive, seconds since 1970, at a bucket's start. */
  readonly fromSeconds: number;
  /** Exclusive, seconds since 1970. */
  readonly toSeconds: number;
  readonly bucket: "hour" | "day";
}

/** One bucket of one model. */
export interface SeriesPoint {
  /** Start of the bucket, seconds since 1970. */
  readonly atSeconds: number;
  readonly model: string;
  readonly requests: number;
  readonly errors: number;
  readonly costNanos: NanoUsd;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly cachedTokens: number;
}

/** A sum over settled calls. */
export interface LogSum {
  readonly costNanos: NanoUsd;
  readonly requests: number;
  readonly tokens: number;
}

function isId(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
