import { Fault } from "#core/api/fault";
import { readServerEvents } from "./server-events";

/** One chat call as a customer would make it, with a customer's key. */
export interface ChatCall {
  /** Empty for this origin. */
  readonly origin: string;
  readonly apiKey: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
}

/** What is known about an answer; times are milliseconds since the call was sent. */
export interface ChatAnswer {
  readonly text: string;
  readonly ttftMs: number;
  readonly totalMs: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly requestId: string;
  /** The response as it came over the wire. */
  readonly raw: string;
}

interface Chunk {
  readonly choices?: readonly {
    readonly delta?: { readonly content?: string | null };
    readonly message?: { readonly content?: string | null };
  }[];
  readonly usage?: {
    readonly prompt_tokens?: number;
    readonly completion_tokens?: number;
  } | null;
  readonly error?: { readonly message?: string };
}

/** Longest answer that a page waits for, in milliseconds. */
const DEADLINE_MS = 300_000;

/** The raw response is kept for showing up to this many characters. */
const RAW_LIMIT = 200_000;

const NOTHING: ChatAnswer = {
  text: "",
  ttftMs: 0,
  totalMs: 0,
  promptTokens: 0,
  completionTokens: 0,
  requestId: "",
  raw: "",
};

/** Sends the call and reports the growing answer; the last report is also returned. */
export async function streamChat(
  call: ChatCall,
  onProgress: (answer: ChatAnswer) => void,
): Promise<ChatAnswer> {
  const started = performance.now();
  const response = await fetch(`${call.origin}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${call.apiKey}` },
    body: JSON.stringify(call.body),
    signal: AbortSignal.any([call.signal, AbortSignal.timeout(DEADLINE_MS)]),
  });
  let answer: ChatAnswer = { ...NOTHING, requestId: requestIdOf(response) };
  if (!response.ok || !response.body) throw await refusal(response, answer.requestId);
  const isStream = response.headers.get("content-type")?.includes("event-stream") === true;
  const texts = isStream ? readServerEvents(response.body) : whole(response);
  for await (const text of texts) {
    const elapsed = performance.now() - started;
    answer = { ...addChunk(answer, text, elapsed), totalMs: elapsed };
    onProgress(answer);
  }
  const finished = { ...answer, totalMs: performance.now() - started };
  onProgress(finished);
  return finished;
}

function addChunk(answer: ChatAnswer, text: string, elapsed: number): ChatAnswer {
  const raw = answer.raw.length > RAW_LIMIT ? answer.raw : `${answer.raw}${text}\n`;
  if (text === "[DONE]") return { ...answer, raw };
  const chunk: Chunk = JSON.parse(text);
  if (chunk.error) {
    throw new Fault(chunk.error.message ?? text, { status: 502, requestId: answer.requestId });
  }
  const piece = pieceOf(chunk);
  return {
    ...answer,
    raw,
    text: answer.text + piece,
    ttftMs: answer.ttftMs || (piece === "" ? 0 : elapsed),
    promptTokens: chunk.usage?.prompt_tokens ?? answer.promptTokens,
    completionTokens: chunk.usage?.completion_tokens ?? answer.completionTokens,
  };
}

/** The text of a streamed piece, or of an answer that came in one. */
function pieceOf(chunk: Chunk): string {
  const choice = chunk.choices?.[0];
  return choice?.delta?.content ?? choice?.message?.content ?? "";
}

async function* whole(response: Response): AsyncGenerator<string> {
  yield await response.text();
}

async function refusal(response: Response, requestId: string): Promise<Fault> {
  const text = await response.text();
  try {
    const { error }: Chunk = JSON.parse(text);
    const message = error?.message;
    return new Fault(`${response.status} · ${message ?? text}`, {
      status: response.status,
      requestId,
    });
  } catch {
    // Not JSON: a proxy in between answered, and its own words are the best there is.
    return new Fault(`${response.status} · ${text.slice(0, 500)}`, {
      status: response.status,
      requestId,
    });
  }
}

function requestIdOf(response: Response): string {
  return response.headers.get("x-oneapi-request-id") ?? response.headers.get("x-request-id") ?? "";
}
