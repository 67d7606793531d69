import { arrayOr, isJsonObject, objectOr, textOr } from "#conversation/json-value.ts";
import type { JsonObject } from "#conversation/json-value.ts";

/** Arguments are JSON text; some vendors send the object itself. */
export function argumentsIn(called: JsonObject): string {
  const value = called["arguments"] ?? called["input"];
  return isJsonObject(value) ? JSON.stringify(value) : textOr(value);
}

/** Reasoning text of a message or a delta, under either of its names or among the content's parts (Mistral). */
export function reasoningIn(message: JsonObject): string {
  const plain = textOr(message["reasoning_content"]) || textOr(message["reasoning"]);
  if (plain !== "" || !Array.isArray(message["content"])) {
    return plain;
  }
  return arrayOr(message["content"])
    .flatMap((part) => arrayOr(objectOr(part)["thinking"]))
    .map((part) => textOr(objectOr(part)["text"]))
    .join("");
}

/** Text of a message's or a delta's content. */
export function textIn(content: unknown): string {
  return typeof content === "string"
    ? content
    : arrayOr(content)
        .map((part) => textOr(objectOr(part)["text"]))
        .join("");
}
