import type { CacheMark, MediaSource, TextPart, UserPart } from "#conversation/chat-request.ts";
import { isJsonObject, objectOr, textOr } from "#conversation/json-value.ts";
import type { JsonObject } from "#conversation/json-value.ts";
import { invalidRequest } from "#surfaces/surface-faults.ts";

/** Content of a message: a text, or a list of parts. */
export function readUserParts(content: unknown, where: string): readonly UserPart[] {
  if (typeof content === "string") {
    return [{ kind: "text", text: content }];
  }
  if (!Array.isArray(content)) {
    throw invalidRequest(`${where}: content must be a string or a list of parts`, "messages");
  }
  return content.map((value: unknown) => {
    const part = objectOr(value);
    const type = textOr(part["type"]);
    const read = PART_READERS[type];
    if (read === undefined) {
      throw invalidRequest(`${where}: a part of type "${type}" is not known`, "messages");
    }
    return read(part, where);
  });
}

const PART_READERS: Readonly<Record<string, (part: JsonObject, where: string) => UserPart>> = {
  text: (part): TextPart => ({ kind: "text", text: textOr(part["text"]), ...readCache(part) }),
  image_url: (part, where) => {
    const image = part["image_url"];
    const url = typeof image === "string" ? image : textOr(objectOr(image)["url"]);
    const detail = textOr(objectOr(image)["detail"]);
    return {
      kind: "image",
      source: readSource(url, where),
      ...(detail === "" ? {} : { detail }),
      ...readCache(part),
    };
  },
  input_audio: (part) => {
    const audio = objectOr(part["input_audio"]);
    return { kind: "audio", data: textOr(audio["data"]), format: textOr(audio["format"]) };
  },
  file: (part, where) => {
    const file = objectOr(part["file"]);
    const name = textOr(file["filename"]);
    if (textOr(file["file_data"]) === "") {
      throw invalidRequest(`${where}: files must be sent as file_data to this model`, "messages");
    }
    return {
      kind: "document",
      source: readSource(textOr(file["file_data"]), where),
      ...(name === "" ? {} : { name }),
      ...readCache(part),
    };
  },
};

const DATA_URL = /^data:([\w.+-]+\/[\w.+-]+)(?:;[\w=.-]+)*;base64,/u;

/** Data URLs hold the medium itself; every other URL is the provider's to fetch. */
function readSource(url: string, where: string): MediaSource {
  const match = DATA_URL.exec(url.slice(0, 256));
  if (match !== null) {
    return { kind: "base64", mediaType: match[1] ?? "", data: url.slice(match[0].length) };
  }
  if (!/^https?:\/\//iu.test(url)) {
    throw invalidRequest(`${where}: a URL must be http, https or base64 data`, "messages");
  }
  return { kind: "url", url };
}

/** OpenAI's mark for its prompt cache, or Anthropic's as gateways pass it through OpenAI's dialect. */
function readCache(part: JsonObject): { readonly cache?: CacheMark } {
  if (isJsonObject(part["cache_control"])) {
    return { cache: { ttl: part["cache_control"]["ttl"] === "1h" ? "1h" : "5m" } };
  }
  if (isJsonObject(part["prompt_cache_breakpoint"])) {
    return { cache: { ttl: part["prompt_cache_breakpoint"]["ttl"] === undefined ? "5m" : "1h" } };
  }
  return {};
}
