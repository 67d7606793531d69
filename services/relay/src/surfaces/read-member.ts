import { isJsonObject } from "#conversation/json-value.ts";
import type { JsonObject } from "#conversation/json-value.ts";
import { invalidRequest } from "#surfaces/surface-faults.ts";

/** Most output tokens that a caller may ask for, as in One API. */
const OUTPUT_TOKENS_MAX = 1_073_741_823;

/** Most choices of one call. */
const CHOICES_MAX = 128;

/** The body as an object. */
export function readBody(body: unknown): JsonObject {
  if (!isJsonObject(body)) {
    throw invalidRequest("The body must be a JSON object.");
  }
  return body;
}

/** The model, from the body or else from the path. */
export function readModel(body: JsonObject, pathModel = ""): string {
  const model = body["model"] ?? pathModel;
  if (typeof model !== "string" || model === "") {
    throw invalidRequest("model is required", "model");
  }
  return model;
}

/** A switch; missing and null mean off. */
export function readSwitch(body: JsonObject, name: string): boolean {
  const value = body[name] ?? false;
  if (typeof value !== "boolean") {
    throw invalidRequest(`${name} must be true or false`, name);
  }
  return value;
}

/** An array with at least one item. */
export function readFilledArray(body: JsonObject, name: string): readonly unknown[] {
  const value = body[name];
  if (!Array.isArray(value) || value.length === 0) {
    throw invalidRequest(`field ${name} is required`, name);
  }
  return value;
}

/** A bound of output tokens; 0 is no bound, since upstreams take it for none. */
export function readOutputTokensMax(body: JsonObject, name: string): number | undefined {
  const value = body[name];
  if (value === undefined || value === null) {
    return undefined;
  }
  if (!isCount(value, OUTPUT_TOKENS_MAX)) {
    throw invalidRequest(`${name} is invalid`, name);
  }
  return value === 0 ? undefined : value;
}

/** How many choices are asked for; missing and null mean one. */
export function readChoices(body: JsonObject, name: string): number {
  const value = body[name] ?? 1;
  if (!isCount(value, CHOICES_MAX) || value === 0) {
    throw invalidRequest(`${name} must be a whole number from 1 to ${CHOICES_MAX}`, name);
  }
  return value;
}

/** OpenAI's `stream_options.include_usage`. */
export function readIncludeUsage(body: JsonObject): boolean {
  const options = body["stream_options"] ?? {};
  if (!isJsonObject(options)) {
    throw invalidRequest("stream_options must be an object", "stream_options");
  }
  return options["include_usage"] === true;
}

/** A number; undefined for missing and null. */
export function readNumber(body: JsonObject, name: string): number | undefined {
  const value = body[name];
  if (value === undefined || value === null) {
    return undefined;
  }
  if (typeof value !== "number") {
    throw invalidRequest(`${name} must be a number`, name);
  }
  return value;
}

function isCount(value: unknown, max: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= max;
}
