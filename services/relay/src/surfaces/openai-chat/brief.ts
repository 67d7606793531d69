import {
  readBody,
  readChoices,
  readFilledArray,
  readIncludeUsage,
  readModel,
  readOutputTokensMax,
  readSwitch,
} from "#surfaces/read-member.ts";
import type { CallBrief } from "#surfaces/surface.ts";

/** What admission and routing need of a chat. */
export function readChatBrief(value: unknown): CallBrief {
  const body = readBody(value);
  const model = readModel(body);
  readFilledArray(body, "messages");
  const stream = readSwitch(body, "stream");
  const bounds = [
    readOutputTokensMax(body, "max_tokens") ?? 0,
    readOutputTokensMax(body, "max_completion_tokens") ?? 0,
  ];
  const outputTokensMax = Math.max(...bounds);
  return {
    model,
    stream,
    wantsStreamUsage: readIncludeUsage(body) && stream,
    ...(outputTokensMax === 0 ? {} : { outputTokensMax }),
    choices: readChoices(body, "n"),
    isInputOnly: false,
  };
}
