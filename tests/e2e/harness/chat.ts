import type { Platform } from "./platform.ts";

/** A raw exchange, for tests about what the wire says exactly. */
export interface RawReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
  readonly requestId: string;
}

export interface RawCall {
  readonly key?: string;
  readonly path?: string;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Posts to the relay as a bare HTTP client. A string body is sent as it is. */
export async function post(platform: Platform, call: RawCall): Promise<RawReply> {
  const response = await fetch(`${platform.relayUrl}${call.path ?? "/v1/chat/completions"}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(call.key === "" ? {} : { authorization: `Bearer ${call.key ?? platform.rootKey}` }),
      ...call.headers,
    },
    body: typeof call.body === "string" ? call.body : JSON.stringify(call.body),
    signal: call.signal ?? AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: parseOrUndefined(text),
    requestId: response.headers.get("x-oneapi-request-id") ?? "",
  };
}

export const chat = (model: string, prompt: string, more: object = {}): object => ({
  model,
  messages: [{ role: "user", content: prompt }],
  ...more,
});

/** Data of every SSE event in a body. */
export function eventsOf(text: string): readonly string[] {
  return text
    .split(/\r?\n\r?\n/u)
    .flatMap((frame) => frame.split(/\r?\n/u))
    .filter((line) => line.startsWith("data:"))
    .map((line) => line.slice(5).trim());
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is an answer, too: the test looks at the text then.
    return undefined;
  }
}
