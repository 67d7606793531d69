import { isJsonObject } from "#conversation/json-value.ts";
import { openSplice } from "#surfaces/json-splice.ts";
import type { JsonSplice } from "#surfaces/json-splice.ts";
import type { BodyEdit } from "#surfaces/surface.ts";

/** Opens a body of OpenAI's dialects with the model and the wish for usage put in. */
export function editOpenAiBody(edit: BodyEdit): JsonSplice {
  const splice = openSplice(edit.body);
  if (edit.json["model"] !== edit.upstreamModel) {
    splice.set("model", JSON.stringify(edit.upstreamModel));
  }
  if (edit.askForUsage && edit.json["stream"] === true) {
    askForUsage(splice, edit.json["stream_options"]);
  }
  return splice;
}

function askForUsage(splice: JsonSplice, options: unknown): void {
  const span = splice.member("stream_options");
  if (span === undefined || !isJsonObject(options)) {
    splice.set("stream_options", '{"include_usage":true}');
  } else if (options["include_usage"] !== true) {
    splice.setIn(span, "include_usage", "true");
  }
}
