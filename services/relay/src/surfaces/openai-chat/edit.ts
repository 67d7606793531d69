import { arrayOr, objectOr } from "#conversation/json-value.ts";
import { isReasoningModel } from "#conversation/reasoning-model.ts";
import { capOutput } from "#surfaces/cap-output.ts";
import { editOpenAiBody } from "#surfaces/edit-openai-body.ts";
import type { JsonSplice } from "#surfaces/json-splice.ts";
import type { BodyEdit } from "#surfaces/surface.ts";

const boundNames = ["max_tokens", "max_completion_tokens"] as const;

/** The client's chat with model, usage, system prompt and the bound of its output swapped. */
export function editChatBody(edit: BodyEdit): Uint8Array {
  const splice = editOpenAiBody(edit);
  if (edit.systemPrompt !== undefined && edit.systemPrompt !== "") {
    setSystemPrompt(splice, edit.json["messages"], edit.systemPrompt);
  }
  if (edit.outputTokensCap !== undefined) {
    const added = boundNames[isReasoningModel(edit.upstreamModel) ? 1 : 0];
    capOutput(splice, edit.json, { tokens: edit.outputTokensCap, names: boundNames, added });
  }
  return splice.bytes();
}

/** A first message that instructs is replaced in place, so that its other members stay. */
function setSystemPrompt(splice: JsonSplice, messages: unknown, prompt: string): void {
  const span = splice.member("messages");
  if (span === undefined) {
    return;
  }
  const content = JSON.stringify(prompt);
  const [first] = splice.spansIn(span);
  const role = objectOr(arrayOr(messages)[0])["role"];
  if (first !== undefined && (role === "system" || role === "developer")) {
    splice.setIn(first, "content", content);
  } else {
    splice.unshift(span, `{"role":"system","content":${content}}`);
  }
}
