import {
  readBody,
  readFilledArray,
  readModel,
  readOutputTokensMax,
  readSwitch,
} from "#surfaces/read-member.ts";
import { invalidRequest } from "#surfaces/surface-faults.ts";
import type { CallBrief } from "#surfaces/surface.ts";

/** What admission and routing need of a call. Its streams always carry usage. */
export function readMessagesBrief(value: unknown): CallBrief {
  const body = readBody(value);
  const model = readModel(body);
  readFilledArray(body, "messages");
  const stream = readSwitch(body, "stream");
  const bound = body["max_tokens"];
  if (bound === undefined || bound === null) {
    throw invalidRequest("field max_tokens is required", "max_tokens");
  }
  const outputTokensMax = readOutputTokensMax(body, "max_tokens");
  return {
    model,
    stream,
    wantsStreamUsage: stream,
    ...(outputTokensMax === undefined ? {} : { outputTokensMax }),
    choices: 1,
    isInputOnly: false,
  };
}
