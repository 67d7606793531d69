import {
  afterString,
  BRACE_CLOSE,
  BRACE_OPEN,
  BRACKET_CLOSE,
  BRACKET_OPEN,
  QUOTE,
} from "#surfaces/json-bytes.ts";
import { invalidRequest } from "#surfaces/surface-faults.ts";

/** Deepest nesting of a request body. */
export const JSON_DEPTH_MAX = 100;

/** Throws the caller's fault if the text nests deeper than {@link JSON_DEPTH_MAX}. Says nothing about being JSON. */
export function checkJsonDepth(body: Uint8Array): void {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  let depth = 0;
  let at = 0;
  while (at < bytes.length) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = afterString(bytes, at);
      continue;
    }
    at += 1;
    if (byte === BRACE_OPEN || byte === BRACKET_OPEN) {
      depth += 1;
      if (depth > JSON_DEPTH_MAX) {
        throw invalidRequest(`The body nests deeper than ${JSON_DEPTH_MAX} levels.`);
      }
    } else if (byte === BRACE_CLOSE || byte === BRACKET_CLOSE) {
      depth -= 1;
    }
  }
}
