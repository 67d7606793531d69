import type { BookedUsage } from "#mock-upstream/books.ts";

/** What the mock will say to one request: the same request always gets the same words and usage. */
export interface Script {
  readonly model: string;
  readonly stream: boolean;
  readonly words: readonly string[];
  readonly usage: BookedUsage;
  readonly toolCall?: { readonly name: string; readonly arguments: string };
  readonly stoppedByLength: boolean;
}

const STORY =
  "The gate counts every word that passes and charges no word twice so the ledger stays level".split(
    " ",
  );
const WORDS_UNASKED = 12;
const WORDS_MAX = 10_000;

/** Reads a chat request in OpenAI's or Anthropic's dialect. */
export function scriptOf(body: Readonly<Record<string, unknown>>): Script {
  const limit = numberOf(body["max_completion_tokens"]) ?? numberOf(body["max_tokens"]);
  const wanted = wordsAskedFor(body) ?? WORDS_UNASKED;
  const count = Math.min(wanted, limit ?? WORDS_MAX, WORDS_MAX);
  const prompt = promptText(body);
  const promptTokens = Math.max(1, prompt.split(/\s+/u).length);
  const cached = /cached=(\d+)/u.exec(prompt);
  const reasoning = /reasoning=(\d+)/u.exec(prompt);
  const cacheReadTokens = Math.min(promptTokens, Number(cached?.[1] ?? 0));
  return {
    model: typeof body["model"] === "string" ? body["model"] : "",
    stream: body["stream"] === true,
    words: Array.from({ length: count }, (_, index) => STORY[index % STORY.length] ?? "word"),
    usage: {
      inputTokens: promptTokens - cacheReadTokens,
      cacheReadTokens,
      outputTokens: count,
      reasoningTokens: Number(reasoning?.[1] ?? 0),
    },
    ...(prompt.includes("use the tool")
      ? { toolCall: { name: firstTool(body), arguments: '{"city":"Paris"}' } }
      : {}),
    stoppedByLength: limit !== undefined && limit < wanted,
  };
}

function firstTool(body: Readonly<Record<string, unknown>>): string {
  const names = /"name":"([^"]+)"/u.exec(JSON.stringify(body["tools"] ?? []));
  return names?.[1] ?? "unknown_tool";
}

/** `words=N` anywhere in the prompt asks for N words. */
function wordsAskedFor(body: Readonly<Record<string, unknown>>): number | undefined {
  const match = /words=(\d+)/u.exec(promptText(body));
  return match === null ? undefined : Number(match[1]);
}

function promptText(body: Readonly<Record<string, unknown>>): string {
  const texts: string[] = [];
  for (const field of ["system", "messages", "prompt", "input"]) {
    collectText(body[field], texts);
  }
  return texts.join(" ");
}

function collectText(value: unknown, texts: string[]): void {
  if (typeof value === "string") {
    texts.push(value);
  } else if (Array.isArray(value)) {
    for (const part of value) {
      collectText(part, texts);
    }
  } else if (typeof value === "object" && value !== null) {
    const fields = new Map(Object.entries(value));
    collectText(fields.get("text"), texts);
    collectText(fields.get("content"), texts);
  }
}

const numberOf = (value: unknown): number | undefined =>
  typeof value === "number" ? value : undefined;
