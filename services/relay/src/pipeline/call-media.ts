import type { JsonObject } from "#conversation/json-value.ts";
import { arrayOr, isJsonObject, objectOr, textOr } from "#conversation/json-value.ts";
import { limits } from "#limits.ts";

/** Pictures, sound and documents of a call. Only parts that say that they are media count: base64 in a text is text. */
export interface CallMedia {
  /** Characters of the body that are no text. */
  readonly chars: number;
  /** What they are taken to be where nobody reports it. */
  readonly tokens: number;
  /** What they can be at most. */
  readonly tokensMax: number;
}

/** The media of a body in one of the dialects of clients. */
export function findMedia(body: JsonObject, model: string): CallMedia {
  let media = noMedia;
  for (const message of arrayOr(body["messages"])) {
    const content = isJsonObject(message) ? message["content"] : undefined;
    if (Array.isArray(content)) {
      media = addMediaOf(content, model, media);
    }
  }
  return media;
}

const noMedia: CallMedia = Object.freeze({ chars: 0, tokens: 0, tokensMax: 0 });

function addMediaOf(parts: readonly unknown[], model: string, before: CallMedia): CallMedia {
  let media = before;
  for (const value of parts) {
    const part = objectOr(value);
    const found = READERS[textOr(part["type"])]?.(part, model);
    if (found !== undefined) {
      media = {
        chars: media.chars + found.chars,
        tokens: media.tokens + limits.mediaTokens,
        tokensMax: media.tokensMax + found.tokensMax,
      };
    } else if (Array.isArray(part["content"])) {
      // What a tool has answered.
      media = addMediaOf(part["content"], model, media);
    }
  }
  return media;
}

interface Found {
  readonly chars: number;
  readonly tokensMax: number;
}

/** The largest picture in any vendor's tiles; the small GPT-4o multiplies them. */
const pictureTokensMax = 6144;
const dearPicture = /gpt-4o-mini/u;
const dearPictureTokensMax = 49_152;
/** A document that is only named may have any length; this is what the vendors' bounds of pages come to. */
const documentTokensMax = 131_072;
/** Sound: ten tokens for a second, of at least half a kilobyte. */
const charsPerSoundToken = 64;
const charsPerDocumentToken = 3;

const READERS: Readonly<Record<string, (part: JsonObject, model: string) => Found>> = {
  image_url: (part, model) => {
    const { url } = objectOr(part["image_url"]);
    return picture(inlineChars(url ?? part["image_url"]), model);
  },
  input_image: (part, model) => picture(inlineChars(part["image_url"]), model),
  image: (part, model) => picture(textOr(objectOr(part["source"])["data"]).length, model),
  input_audio: (part) => {
    const chars = textOr(objectOr(part["input_audio"])["data"]).length;
    return { chars, tokensMax: limits.mediaTokens + Math.ceil(chars / charsPerSoundToken) };
  },
  file: (part) => document(inlineChars(objectOr(part["file"])["file_data"])),
  input_file: (part) => document(inlineChars(part["file_data"])),
  document: (part) => {
    const { type, data } = objectOr(part["source"]);
    // A document of plain text is text.
    return type === "text" ? { chars: 0, tokensMax: 0 } : document(textOr(data).length);
  },
};

function picture(chars: number, model: string): Found {
  return { chars, tokensMax: dearPicture.test(model) ? dearPictureTokensMax : pictureTokensMax };
}

function document(chars: number): Found {
  const tokensMax =
    chars === 0 ? documentTokensMax : limits.mediaTokens + Math.ceil(chars / charsPerDocumentToken);
  return { chars, tokensMax };
}

/** Characters of a `data:` address; any other address is short and stays text. */
function inlineChars(url: unknown): number {
  const text = textOr(url);
  return text.startsWith("data:") ? text.length : 0;
}
