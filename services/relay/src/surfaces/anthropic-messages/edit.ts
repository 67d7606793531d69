import { capOutput } from "#surfaces/cap-output.ts";
import { openSplice } from "#surfaces/json-splice.ts";
import type { BodyEdit } from "#surfaces/surface.ts";

/** The client's call with model, system prompt and the bound of its output swapped. */
export function editMessagesBody(edit: BodyEdit): Uint8Array {
  const splice = openSplice(edit.body);
  if (edit.json["model"] !== edit.upstreamModel) {
    splice.set("model", JSON.stringify(edit.upstreamModel));
  }
  if (edit.systemPrompt !== undefined && edit.systemPrompt !== "") {
    splice.set("system", JSON.stringify(edit.systemPrompt));
  }
  if (edit.outputTokensCap !== undefined) {
    const bounds = { tokens: edit.outputTokensCap, names: ["max_tokens"], added: "max_tokens" };
    capOutput(splice, edit.json, bounds);
  }
  return splice.bytes();
}
