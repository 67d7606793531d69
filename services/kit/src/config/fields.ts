import { z } from "zod";

interface IntegerBounds {
  readonly min?: number;
  readonly max?: number;
}

const millisecondsPerSecond = 1000;
const secondsPerMinute = 60;

/** A whole number in decimal digits, within the bounds (both inclusive). */
export function integerField({
  min = Number.MIN_SAFE_INTEGER,
  max = Number.MAX_SAFE_INTEGER,
}: IntegerBounds = {}): z.ZodType<number, string> {
  const sentence = `must be a whole number ${describeBounds(min, max)}`.trimEnd();
  return z
    .string()
    .trim()
    .regex(/^[+-]?\d{1,16}$/u, sentence)
    .transform(Number)
    .refine((value) => value >= min && value <= max, sentence);
}

/** A TCP port; 0 lets the system choose. */
export function portField(): z.ZodType<number, string> {
  return integerField({ min: 0, max: 65_535 });
}

/** True only for "true" in any case, as One API reads its switches; everything else, also unset, is false. */
export function booleanField(): z.ZodType<boolean, string | undefined> {
  return z
    .string()
    .optional()
    .transform((text) => text?.trim().toLowerCase() === "true");
}

/** Whole seconds in the environment, **milliseconds** in the program. Bounds are in seconds; a `.default()` is in milliseconds. */
export function secondsField({ min = 0, max = 10_000_000 }: IntegerBounds = {}): z.ZodType<
  number,
  string
> {
  return integerField({ min, max }).transform((seconds) => seconds * millisecondsPerSecond);
}

/** Whole minutes in the environment, **milliseconds** in the program. Bounds are in minutes; a `.default()` is in milliseconds. */
export function minutesField({ min = 0, max = 1_000_000 }: IntegerBounds = {}): z.ZodType<
  number,
  string
> {
  return integerField({ min, max }).transform(
    (minutes) => minutes * secondsPerMinute * millisecondsPerSecond,
  );
}

/** An absolute http or https URL, without a trailing slash. */
export function urlField(): z.ZodType<string, string> {
  return z
    .string()
    .trim()
    .refine(isHttpUrl, "must be an absolute http:// or https:// URL")
    .transform((url) => url.replace(/\/+$/u, ""));
}

/** A path on this machine, as given. */
export function pathField(): z.ZodType<string, string> {
  return z
    .string()
    .trim()
    .min(1)
    .refine((path) => !path.includes("\0"), "must be a path");
}

/** A secret of at least `min` characters. Violations never show it. */
export function secretField({ min = 1 }: { readonly min?: number } = {}): z.ZodType<
  string,
  string
> {
  return z.string().min(min, `must have at least ${min} characters`);
}

function describeBounds(min: number, max: number): string {
  const isMinBound = min !== Number.MIN_SAFE_INTEGER;
  const isMaxBound = max !== Number.MAX_SAFE_INTEGER;
  if (isMinBound && isMaxBound) {
    return `from ${min} to ${max}`;
  }
  if (isMinBound) {
    return `of at least ${min}`;
  }
  return isMaxBound ? `of at most ${max}` : "";
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/u.test(new URL(text).protocol);
}
