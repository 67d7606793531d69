import type { CacheMark, MediaSource, UserPart } from "#conversation/chat-request.ts";
import { isJsonObject, objectOr, textOr } from "#conversation/json-value.ts";
import type { JsonObject } from "#conversation/json-value.ts";
import { invalidRequest } from "#surfaces/surface-faults.ts";

/** One block of what the user says. */
export function readUserPart(block: JsonObject, where: string): UserPart {
  const type = textOr(block["type"]);
  if (type === "text") {
    return { kind: "text", text: textOr(block["text"]), ...readCache(block) };
  }
  if (type === "image") {
    return { kind: "image", source: readSource(block, where), ...readCache(block) };
  }
  if (type === "document") {
    const name = textOr(block["title"]);
    return {
      kind: "document",
      source: readSource(block, where),
      ...(name === "" ? {} : { name }),
      ...readCache(block),
    };
  }
  throw invalidRequest(
    `${where}: a block of type "${type}" cannot be relayed to this model`,
    "messages",
  );
}

/** The block's mark for the prompt cache. */
export function readCache(block: JsonObject): { readonly cache?: CacheMark } {
  const control = block["cache_control"];
  return isJsonObject(control) ? { cache: { ttl: control["ttl"] === "1h" ? "1h" : "5m" } } : {};
}

function readSource(block: JsonObject, where: string): MediaSource {
  const source = objectOr(block["source"]);
  const mediaType = textOr(source["media_type"]);
  const data = textOr(source["data"]);
  switch (source["type"]) {
    case "base64":
      return { kind: "base64", mediaType, data };
    case "text":
      return {
        kind: "base64",
        mediaType: "text/plain",
        data: Buffer.from(data).toString("base64"),
      };
    case "url":
      return { kind: "url", url: readUrl(source["url"], where) };
    default:
      throw invalidRequest(
        `${where}: a source of type "${textOr(source["type"])}" cannot be relayed to this model`,
        "messages",
      );
  }
}

function readUrl(value: unknown, where: string): string {
  const url = textOr(value);
  if (!/^https?:\/\//iu.test(url)) {
    throw invalidRequest(`${where}: a URL must be http or https`, "messages");
  }
  return url;
}
