import { type Dispatcher, request } from "undici";
import { APIError, OpenAI } from "openai";
import type { ModelName } from "./prices.ts";
import { type Order, orderText } from "./upstream.ts";

/** What one client knows of one call, written down as it happens. */
export interface ClientCall {
  readonly nonce: string;
  readonly order: Order;
  readonly payer: string;
  readonly model: ModelName;
  readonly stream: boolean;
  readonly isSdk: boolean;
  readonly relay: string;
  readonly startedAtMs: number;
  bodyBytes: number;
  /** 0 = no answer. */
  status: number;
  requestId: string;
  /** Bytes of content received. */
  contentBytes: number;
  /** Pieces in which content arrived: [milliseconds since the start, content so far]. */
  readonly pieces: [number, number][];
  /** The whole answer arrived: `[DONE]`, or a body of full length. */
  sawEnd: boolean;
  /** The stream told an error. */
  sawError: boolean;
  /** The client closed the connection itself. */
  left: boolean;
  endedAtMs: number;
  /** What an answer without content said, or why there was none. */
  problem: string;
}

/** A word that is in every prompt: it must be found nowhere afterwards. */
export const promptCanary = "promptcanary3b9e";

export interface CallWish {
  readonly order: Order;
  readonly payer: string;
  readonly key: string;
  readonly model: ModelName;
  readonly stream: boolean;
  readonly relay: string;
  readonly dispatcher: Dispatcher;
  /** The client leaves after so many pieces of content, or, without a stream, milliseconds. */
  readonly leavesAfter: number | undefined;
}

const callMs = 20_000;

/** The address under which a call is made: an IPv6 address that spells its nonce. */
function addressOf(nonce: string): string {
  return `2001:db8:0:0:${nonce.match(/.{4}/gu)?.join(":") ?? ""}`;
}

/** The nonce that an address spells; "" = none. */
export function nonceOfAddress(address: string): string {
  const prefix = "2001:db8:0:0:";
  return address.startsWith(prefix) ? address.slice(prefix.length).replaceAll(":", "") : "";
}

/** Notes a call before it is made. */
export function openCall(wish: CallWish, isSdk: boolean): ClientCall {
  return {
    nonce: wish.order.nonce,
    order: wish.order,
    payer: wish.payer,
    model: wish.model,
    stream: wish.stream,
    isSdk,
    relay: wish.relay,
    startedAtMs: Date.now(),
    bodyBytes: 0,
    status: 0,
    requestId: "",
    contentBytes: 0,
    pieces: [],
    sawEnd: false,
    sawError: false,
    left: false,
    endedAtMs: 0,
    problem: "",
  };
}

/** Makes the call as a bare HTTP client. Never rejects: whatever happens is noted. */
export async function makeCall(call: ClientCall, wish: CallWish): Promise<void> {
  const body = JSON.stringify({ ...bodyOf(wish), stream: wish.stream });
  call.bodyBytes = Buffer.byteLength(body);
  const leaving = new AbortController();
  const leave = (): void => {
    call.left = true;
    leaving.abort();
  };
  const timer = setTimeout(leave, !wish.stream && wish.leavesAfter ? wish.leavesAfter : callMs);
  try {
    const response = await request(`${wish.relay}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headersOf(wish) },
      body,
      dispatcher: wish.dispatcher,
      signal: leaving.signal,
    });
    call.status = response.statusCode;
    call.requestId = String(response.headers["x-oneapi-request-id"] ?? "");
    if (wish.stream && call.status === 200) {
      await readStream(call, response.body, { after: wish.leavesAfter, leave });
    } else {
      readWhole(call, await response.body.text());
    }
  } catch (error) {
    call.problem ||= codeOf(error);
  } finally {
    clearTimeout(timer);
    call.endedAtMs = Date.now();
  }
}

/** Makes the call with the official SDK. Never rejects. */
export async function makeSdkCall(call: ClientCall, wish: CallWish): Promise<void> {
  const client = new OpenAI({
    apiKey: wish.key,
    baseURL: `${wish.relay}/v1`,
    maxRetries: 0,
    timeout: callMs,
    fetch: async (input, init) => {
      call.bodyBytes = Buffer.byteLength(typeof init?.body === "string" ? init.body : "");
      const response = await fetch(input, init);
      call.status = response.status;
      call.requestId = response.headers.get("x-oneapi-request-id") ?? "";
      return response;
    },
  });
  const options = { headers: { "x-forwarded-for": addressOf(call.nonce) } };
  try {
    if (wish.stream) {
      const stream = await client.chat.completions.create(
        { ...bodyOf(wish), stream: true, stream_options: { include_usage: true } },
        options,
      );
      for await (const chunk of stream) {
        noteContent(call, chunk.choices[0]?.delta?.content ?? "");
      }
    } else {
      const reply = await client.chat.completions.create({ ...bodyOf(wish) }, options);
      noteContent(call, reply.choices[0]?.message.content ?? "");
    }
    call.sawEnd = true;
  } catch (error) {
    call.sawError = error instanceof APIError && error.status === undefined;
    call.problem = codeOf(error);
  } finally {
    call.endedAtMs = Date.now();
  }
}

function bodyOf({ order, model }: CallWish) {
  const content = `${promptCanary} ${orderText(order)} and some more words to be counted`;
  return {
    model,
    // Above what any reply counts to, in the upstream's tokens and in bytes.
    max_tokens: order.tokens * 4 + 16,
    messages: [{ role: "user" as const, content }],
  };
}

function headersOf({ key, order }: CallWish): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${key}`, "x-forwarded-for": addressOf(order.nonce) };
}

async function readStream(
  call: ClientCall,
  body: AsyncIterable<Buffer>,
  leaving: { readonly after: number | undefined; readonly leave: () => void },
): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  let pieces = 0;
  for await (const bytes of body) {
    const frames = (rest + decoder.decode(bytes, { stream: true })).split("\n\n");
    rest = frames.pop() ?? "";
    for (const frame of frames) {
      readFrame(call, frame);
    }
    pieces += 1;
    if (leaving.after !== undefined && pieces >= leaving.after && !call.sawEnd) {
      leaving.leave();
      return;
    }
  }
}

function readFrame(call: ClientCall, frame: string): void {
  const data = /^data: ?(.*)$/mu.exec(frame)?.[1] ?? "";
  if (data === "[DONE]") {
    call.sawEnd = true;
    return;
  }
  if (data === "") {
    return;
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- read leniently: only these members matter
  const event = JSON.parse(data) as {
    readonly error?: unknown;
    readonly choices?: readonly { readonly delta?: { readonly content?: string } }[];
  };
  call.sawError ||= event.error !== undefined;
  noteContent(call, event.choices?.[0]?.delta?.content ?? "");
}

function readWhole(call: ClientCall, text: string): void {
  if (call.status !== 200) {
    call.problem = text.slice(0, 300);
    return;
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- read leniently: only these members matter
  const reply = JSON.parse(text) as {
    readonly choices: readonly { readonly message: { readonly content: string } }[];
  };
  noteContent(call, reply.choices[0]?.message.content ?? "");
  call.sawEnd = true;
}

function noteContent(call: ClientCall, content: string): void {
  if (content !== "") {
    call.contentBytes += Buffer.byteLength(content);
    call.pieces.push([Date.now() - call.startedAtMs, call.contentBytes]);
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return "unknown";
  }
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return `${error.name} ${code} ${error.message}`.slice(0, 300);
}
