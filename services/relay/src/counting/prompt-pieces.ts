import { arrayOr, isJsonObject, objectOr, textOr } from "#conversation/json-value.ts";
import type { JsonObject } from "#conversation/json-value.ts";

/** What of a call's body is read by the model. */
export interface PromptPieces {
  readonly texts: readonly string[];
  /** Tokens that stand for no text: of messages, names, and the beginning of the answer, or given as numbers. */
  readonly framingTokens: number;
}

const tokensPerMessage = 3;
const tokensPerName = 1;
const tokensOfReplyStart = 3;

/**
 * The texts of a body in one of the dialects of clients, counted as OpenAI documents it: three tokens for a message, one for a name,
 * three for the beginning of the answer. Pictures and other media are no text and left out.
 */
export function promptPiecesOf(body: JsonObject): PromptPieces {
  const messages = arrayOr(body["messages"]);
  if (messages.length === 0) {
    return { texts: plainTexts(promptOf(body)), framingTokens: listedTokensOf(body) };
  }
  const texts: string[] = [];
  let framingTokens = tokensOfReplyStart;
  const system = textOfContent(body["system"]);
  if (system !== "") {
    texts.push("system", system);
    framingTokens += tokensPerMessage;
  }
  for (const message of messages) {
    const { role, name, content, tool_calls: calls } = objectOr(message);
    texts.push(textOr(role), textOfContent(content), textOr(name), jsonOf(calls));
    framingTokens += tokensPerMessage + (textOr(name) === "" ? 0 : tokensPerName);
  }
  texts.push(jsonOf(body["tools"]), jsonOf(body["functions"]), jsonOf(body["response_format"]));
  return { texts: texts.filter((text) => text !== ""), framingTokens };
}

/** Tokens of a prompt that is given as numbers, or as lists of them. */
export function listedTokensOf(body: JsonObject): number {
  return countNumbers(arrayOr(promptOf(body)));
}

function promptOf(body: JsonObject): unknown {
  return body["prompt"] ?? body["input"];
}

function countNumbers(list: readonly unknown[]): number {
  let count = 0;
  for (const item of list) {
    if (typeof item === "number") {
      count += 1;
    } else if (Array.isArray(item)) {
      count += countNumbers(item);
    }
  }
  return count;
}

/** A text or a list of texts. */
function plainTexts(value: unknown): readonly string[] {
  if (typeof value === "string") {
    return [value];
  }
  return arrayOr(value).filter((item) => typeof item === "string");
}

/** A text, or the texts of parts and of what tools answered. */
function textOfContent(content: unknown): string {
  if (typeof content === "string") {
    return content;
  }
  return arrayOr(content)
    .map((part) => {
      const { text, thinking, input, content: inner } = objectOr(part);
      return textOr(text) + textOr(thinking) + jsonOf(input) + textOfContent(inner);
    })
    .join("");
}

function jsonOf(value: unknown): string {
  return isJsonObject(value) || Array.isArray(value) ? JSON.stringify(value) : "";
}
