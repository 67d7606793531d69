import { relayFaults } from "#pipeline/relay-faults.ts";
import { checkJsonDepth } from "#surfaces/json-depth.ts";

/** The body as a JSON object of bounded depth. Throws the fault for the caller. */
export function parseCallBody(body: Buffer): Readonly<Record<string, unknown>> {
  checkJsonDepth(body);
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch {
    // The parser's own words are dropped: they quote the body.
    throw relayFaults.fault("BODY_INVALID");
  }
  if (!isObject(value)) {
    throw relayFaults.fault("BODY_INVALID", { sentence: "The body must be a JSON object." });
  }
  return value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
