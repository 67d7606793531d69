import { capOutput } from "#surfaces/cap-output.ts";
import { cutShortOpenAi } from "#surfaces/cut-short-openai.ts";
import { editOpenAiBody } from "#surfaces/edit-openai-body.ts";
import { openAiProblem } from "#surfaces/openai-problem.ts";
import {
  readBody,
  readChoices,
  readIncludeUsage,
  readModel,
  readOutputTokensMax,
  readSwitch,
} from "#surfaces/read-member.ts";
import { invalidRequest } from "#surfaces/surface-faults.ts";
import type { BodyEdit, CallBrief, Surface } from "#surfaces/surface.ts";

/** OpenAI's older completions; they pass through only. */
export const openAiCompletions: Surface = {
  name: "openai-completions",
  dialect: "openai-completions",
  paths: ["/v1/completions", "/completions"],
  readBrief: readCompletionBrief,
  editBody: editCompletionBody,
  problem: openAiProblem,
  cutShort: (context) => cutShortOpenAi(context, "text_completion", { text: "" }),
};

function editCompletionBody(edit: BodyEdit): Uint8Array {
  const splice = editOpenAiBody(edit);
  if (edit.outputTokensCap !== undefined) {
    const bounds = { tokens: edit.outputTokensCap, names: ["max_tokens"], added: "max_tokens" };
    capOutput(splice, edit.json, bounds);
  }
  return splice.bytes();
}

function readCompletionBrief(value: unknown): CallBrief {
  const body = readBody(value);
  const model = readModel(body);
  const prompt = body["prompt"];
  const promptCount = promptCountOf(prompt);
  if (promptCount === 0) {
    throw invalidRequest("field prompt is required", "prompt");
  }
  const stream = readSwitch(body, "stream");
  const outputTokensMax = readOutputTokensMax(body, "max_tokens");
  return {
    model,
    stream,
    wantsStreamUsage: readIncludeUsage(body) && stream,
    ...(outputTokensMax === undefined ? {} : { outputTokensMax }),
    // Every prompt is answered `n` times, and `best_of` candidates are made and paid for each.
    choices: Math.max(readChoices(body, "n"), readChoices(body, "best_of")) * promptCount,
    isInputOnly: false,
  };
}

/** A text, a list of tokens, or a list of such; anything else counts as none. */
function promptCountOf(prompt: unknown): number {
  if (typeof prompt === "string") {
    return prompt === "" ? 0 : 1;
  }
  if (!Array.isArray(prompt)) {
    return 0;
  }
  return typeof prompt[0] === "number" ? 1 : prompt.length;
}
