import {
  arrayOr,
  countOf,
  isJsonObject,
  objectOr,
  parseJson,
  textOr,
} from "#conversation/json-value.ts";
import type { JsonObject } from "#conversation/json-value.ts";
import { demoBehaviour } from "#providers/demo/behaviour.ts";
import type { DemoBehaviour } from "#providers/demo/behaviour.ts";
import { demoEmbedding } from "#providers/demo/embedding.ts";
import type { UpstreamRequest } from "#providers/provider.ts";

/** What the built-in upstream answers: served in process for URLs of the scheme `demo:`. */
export interface DemoReply {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body, piece by piece. */
  readonly chunks: readonly DemoChunk[];
  /** The connection breaks after the last chunk instead of ending. */
  readonly isCut: boolean;
}

/** One piece of a body. */
export interface DemoChunk {
  /** How long after the piece before, milliseconds. */
  readonly delayMs: number;
  readonly text: string;
}

/**
 * Answers a call in OpenAI's dialect: the same request gets the same reply, made from its last message. The prompts that
 * make it fail on purpose are listed at {@link demoBehaviour}.
 */
export function demoReply(
  request: Pick<UpstreamRequest, "method" | "url"> & Partial<Pick<UpstreamRequest, "body">>,
): DemoReply {
  const path = request.url.replace(/^demo:/u, "").replace(/\?.*$/u, "");
  if (request.method === "GET") {
    return path === "/v1/models" ? json(200, MODEL_LIST) : notFound(path);
  }
  const body = parseJson(
    typeof request.body === "object" ? Buffer.from(request.body).toString() : (request.body ?? ""),
  );
  if (!isJsonObject(body)) {
    return failure(400, "invalid_request_error", "The demo upstream expects a JSON object.");
  }
  const answer = ANSWERS[path];
  return answer === undefined ? notFound(path) : answer(body);
}

const ANSWERS: Readonly<Record<string, (body: JsonObject) => DemoReply>> = {
  "/v1/chat/completions": (body) => answerText(body, CHAT, promptOfChat(body)),
  "/v1/completions": (body) => answerText(body, COMPLETION, textOfContent(body["prompt"])),
  "/v1/embeddings": (body) => json(200, demoEmbedding(body)),
};

const MODEL_LIST = {
  object: "list",
  data: ["demo-chat", "demo-embedding"].map((id) => ({
    id,
    object: "model",
    owned_by: "tollgate",
  })),
};

/** How the two dialects of text name their things. */
interface TextShape {
  readonly idPrefix: string;
  readonly whole: string;
  readonly piece: string;
  readonly wholeChoice: (text: string) => JsonObject;
  readonly pieceChoice: (text: string, isFirst: boolean) => JsonObject;
}

const CHAT: TextShape = {
  idPrefix: "chatcmpl-demo-",
  whole: "chat.completion",
  piece: "chat.completion.chunk",
  wholeChoice: (content) => ({ message: { role: "assistant", content } }),
  pieceChoice: (content, isFirst) => ({
    delta: isFirst ? { role: "assistant", content } : { content },
  }),
};

const COMPLETION: TextShape = {
  idPrefix: "cmpl-demo-",
  whole: "text_completion",
  piece: "text_completion",
  wholeChoice: (text) => ({ text }),
  pieceChoice: (text) => ({ text }),
};

function answerText(body: JsonObject, shape: TextShape, prompt: string): DemoReply {
  const behaviour = demoBehaviour(prompt);
  if (behaviour.status !== 200) {
    const { type, message } = FAILURES[behaviour.status] ?? FAILURE;
    return failure(behaviour.status, type, message);
  }
  const answer = boundAnswer(body, prompt, behaviour);
  return body["stream"] === true
    ? streamed(body, shape, answer)
    : json(200, wholeReply(body, shape, answer), answer.delayMs * answer.words.length);
}

/** The words of an answer and what they cost: a word is a token, in and out. */
interface Answer {
  readonly words: readonly string[];
  readonly isCutShort: boolean;
  readonly promptTokens: number;
  readonly delayMs: number;
  readonly end: DemoBehaviour["end"];
}

function boundAnswer(body: JsonObject, prompt: string, behaviour: DemoBehaviour): Answer {
  const bound =
    countOf(body["max_completion_tokens"]) ?? countOf(body["max_tokens"]) ?? behaviour.words.length;
  const words = behaviour.words.slice(0, Math.max(1, bound));
  return {
    words,
    isCutShort: words.length < behaviour.words.length,
    promptTokens: Math.max(1, prompt.split(/\s+/u).filter(Boolean).length),
    delayMs: behaviour.delayMs,
    end: behaviour.end,
  };
}

function wholeReply(body: JsonObject, shape: TextShape, answer: Answer): JsonObject {
  return {
    ...envelope(body, shape, answer),
    object: shape.whole,
    choices: [
      { index: 0, ...shape.wholeChoice(answer.words.join("")), finish_reason: endOf(answer) },
    ],
    usage: usageOf(answer),
  };
}

function streamed(body: JsonObject, shape: TextShape, answer: Answer): DemoReply {
  const head = { ...envelope(body, shape, answer), object: shape.piece };
  const frame = (choices: readonly JsonObject[], more: JsonObject = {}): string =>
    `data: ${JSON.stringify({ ...head, choices, ...more })}\n\n`;
  const chunks: DemoChunk[] = answer.words.map((word, index) => ({
    delayMs: answer.delayMs,
    text: frame([{ index: 0, ...shape.pieceChoice(word, index === 0), finish_reason: null }]),
  }));
  const headers = { "content-type": "text/event-stream" };
  if (answer.end === "cut") {
    return { status: 200, headers, chunks, isCut: true };
  }
  if (answer.end === "error") {
    const error = { message: "The demo upstream broke off on purpose.", type: "server_error" };
    chunks.push({ delayMs: 0, text: `data: ${JSON.stringify({ error })}\n\n` });
    return { status: 200, headers, chunks, isCut: false };
  }
  const last = { index: 0, ...shape.pieceChoice("", false), finish_reason: endOf(answer) };
  const wantsUsage = objectOr(body["stream_options"])["include_usage"] === true;
  const usage = wantsUsage ? frame([], { usage: usageOf(answer) }) : "";
  chunks.push({ delayMs: 0, text: `${frame([last])}${usage}data: [DONE]\n\n` });
  return { status: 200, headers, chunks, isCut: false };
}

function envelope(body: JsonObject, shape: TextShape, answer: Answer): JsonObject {
  return {
    id: `${shape.idPrefix}${answer.promptTokens}-${answer.words.length}`,
    created: CREATED_SECONDS,
    model: textOr(body["model"]) || "demo-chat",
  };
}

/** The replies are the same at every time. */
const CREATED_SECONDS = 1_700_000_000;

function endOf(answer: Answer): string {
  return answer.isCutShort ? "length" : "stop";
}

function usageOf(answer: Answer): JsonObject {
  const completion = answer.words.length;
  return {
    prompt_tokens: answer.promptTokens,
    completion_tokens: completion,
    total_tokens: answer.promptTokens + completion,
  };
}

function promptOfChat(body: JsonObject): string {
  return textOfContent(objectOr(arrayOr(body["messages"]).at(-1))["content"]);
}

function textOfContent(content: unknown): string {
  if (typeof content === "string") {
    return content;
  }
  return arrayOr(content)
    .map((part) => (typeof part === "string" ? part : textOr(objectOr(part)["text"])))
    .join(" ");
}

interface Failure {
  readonly type: string;
  readonly message: string;
}

const FAILURE: Failure = { type: "server_error", message: "The demo upstream fails on purpose." };

const FAILURES: Readonly<Record<number, Failure>> = {
  400: { type: "invalid_request_error", message: "The demo upstream refuses the request." },
  401: { type: "authentication_error", message: "The demo upstream refuses the credential." },
  402: { type: "insufficient_quota", message: "The demo upstream's account is empty." },
  429: { type: "rate_limit_error", message: "The demo upstream is asked too often." },
};

function failure(status: number, type: string, message: string): DemoReply {
  const reply = json(status, { error: { message, type, param: null, code: null } });
  return status === 429 ? { ...reply, headers: { ...reply.headers, "retry-after": "1" } } : reply;
}

function notFound(path: string): DemoReply {
  return failure(404, "invalid_request_error", `The demo upstream has no ${path}.`);
}

function json(status: number, body: JsonObject, delayMs = 0): DemoReply {
  return {
    status,
    headers: { "content-type": "application/json" },
    chunks: [{ delayMs, text: JSON.stringify(body) }],
    isCut: false,
  };
}
