import { isIP } from "node:net";
import { z } from "zod";
import { parseDsn } from "../sql/dsn.ts";

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
    .refine((value) => value >= min && value <= max, sentence)
    .meta({ unit: `number ${describeBounds(min, max)}`.trimEnd() });
}

/** A TCP port; 0 lets the system choose. */
export function portField(): z.ZodType<number, string> {
  return integerField({ min: 0, max: 65_535 }).meta({ unit: "port" });
}

/** True only for "true" in any case, as One API reads its switches; everything else, also unset, is false. */
export function booleanField(): z.ZodType<boolean, string | undefined> {
  return z
    .string()
    .optional()
    .transform((text) => text?.trim().toLowerCase() === "true")
    .meta({ unit: "true or false" });
}

/** Whole seconds in the environment, **milliseconds** in the program. Bounds are in seconds; a `.default()` is in milliseconds. */
export function secondsField({ min = 0, max = 10_000_000 }: IntegerBounds = {}): z.ZodType<
  number,
  string
> {
  return integerField({ min, max })
    .transform((seconds) => seconds * millisecondsPerSecond)
    .meta({ unit: `seconds ${describeBounds(min, max)}`, scale: millisecondsPerSecond });
}

/** Whole minutes in the environment, **milliseconds** in the program. Bounds are in minutes; a `.default()` is in milliseconds. */
export function minutesField({ min = 0, max = 1_000_000 }: IntegerBounds = {}): z.ZodType<
  number,
  string
> {
  const scale = secondsPerMinute * millisecondsPerSecond;
  return integerField({ min, max })
    .transform((minutes) => minutes * scale)
    .meta({ unit: `minutes ${describeBounds(min, max)}`, scale });
}

/** An absolute http or https URL, without a trailing slash. */
export function urlField(): z.ZodType<string, string> {
  return z
    .string()
    .trim()
    .refine(isHttpUrl, "must be an absolute http:// or https:// URL")
    .transform((url) => url.replace(/\/+$/u, ""))
    .meta({ unit: "URL" });
}

/** A path on this machine, as given. */
export function pathField(): z.ZodType<string, string> {
  return z
    .string()
    .trim()
    .min(1)
    .refine((path) => !path.includes("\0"), "must be a path")
    .meta({ unit: "path" });
}

/** A data source name as {@link parseDsn} reads it. Violations never show it. */
export function dsnField(): z.ZodType<string, string> {
  return z
    .string()
    .superRefine((dsn, context) => {
      try {
        parseDsn(dsn);
      } catch (error) {
        // Translates: the sentence is for operators and holds no password.
        context.addIssue(error instanceof Error ? error.message : "must be a data source name");
      }
    })
    .meta({ unit: "DSN" });
}

/** Addresses or networks such as 10.0.0.0/8, separated by commas; nothing = none. */
export function networkListField(): z.ZodType<readonly string[], string | undefined> {
  return z
    .string()
    .default("")
    .transform((text) =>
      text
        .split(",")
        .map((part) => part.trim())
        .filter((part) => part !== ""),
    )
    .refine(
      (parts) => parts.every(isNetwork),
      "must be a comma separated list of addresses or networks such as 10.0.0.0/8",
    )
    .meta({ unit: "list of networks" });
}

/** A secret of at least `min` characters. Violations never show it. */
export function secretField({ min = 1 }: { readonly min?: number } = {}): z.ZodType<
  string,
  string
> {
  return z.string().min(min, `must have at least ${min} characters`);
}

function isNetwork(text: string): boolean {
  const match = /^(?<address>[^/]+)(?:\/(?<bits>\d{1,3}))?$/u.exec(text);
  const version = isIP(match?.groups?.["address"] ?? "");
  const bits = Number(match?.groups?.["bits"] ?? 0);
  return version !== 0 && bits <= (version === 4 ? 32 : 128);
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
