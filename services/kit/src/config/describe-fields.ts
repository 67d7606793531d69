import { z } from "zod";
import type { ConfigFields, FieldSchema } from "./config.ts";

/** A variable as a manual shows it. */
export interface FieldDescription {
  readonly name: string;
  /** What its text is: a unit with bounds, or the words that it may be. */
  readonly unit: string;
  /** In the unit of the text; empty = none. */
  readonly defaultText: string;
  readonly doc: string;
}

/** Describes the variables of a schema in its order. */
export function describeFields(fields: ConfigFields): readonly FieldDescription[] {
  return Object.values(fields).map(({ name, schema, doc }) => {
    const { unit, scale } = unitOf(schema);
    return { name, unit, defaultText: defaultOf(schema, scale), doc };
  });
}

interface Unit {
  readonly unit: string;
  /** How much larger the program's number is than the text's. */
  readonly scale: number;
}

function unitOf(schema: unknown): Unit {
  if (!(schema instanceof z.ZodType)) {
    return { unit: "text", scale: 1 };
  }
  const { unit, scale } = schema.meta() ?? {};
  if (typeof unit === "string") {
    return { unit, scale: typeof scale === "number" ? scale : 1 };
  }
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional) {
    return unitOf(schema.unwrap());
  }
  return { unit: schema instanceof z.ZodEnum ? schema.options.join(", ") : "text", scale: 1 };
}

function defaultOf(schema: FieldSchema, scale: number): string {
  const parsed = schema.safeParse(undefined);
  if (!parsed.success) {
    return "";
  }
  const value = parsed.data;
  switch (typeof value) {
    case "number":
      return String(value / scale);
    case "string":
    case "boolean":
      return String(value);
    default:
      // A list that is empty unless something is set.
      return "";
  }
}
