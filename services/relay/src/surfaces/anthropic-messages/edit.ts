import { openSplice } from "#surfaces/json-splice.ts";
import type { BodyEdit } from "#surfaces/surface.ts";

/** The client's call with model and system prompt swapped. */
export function editMessagesBody(edit: BodyEdit): Uint8Array {
  const splice = openSplice(edit.body);
  if (edit.json["model"] !== edit.upstreamModel) {
    splice.set("model", JSON.stringify(edit.upstreamModel));
  }
  if (edit.systemPrompt !== undefined && edit.systemPrompt !== "") {
    splice.set("system", JSON.stringify(edit.systemPrompt));
  }
  return splice.bytes();
}
