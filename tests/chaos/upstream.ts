import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { createRandom } from "./random.ts";
import type { TokenCount } from "./prices.ts";

/** How the upstream treats a call; the client writes it into the prompt. */
const manners = [
  "plain",
  /** Ends normally and tells no usage. */
  "no-usage",
  /** Breaks the connection in the middle. */
  "dies",
  /** Ends the stream with an error event in the middle. */
  "errs",
  /** Refuses the first try with 429. */
  "busy-once",
  /** Refuses the first try with 500. */
  "broken-once",
  /** Refuses every try. */
  "broken",
] as const;
export type Manner = (typeof manners)[number];

/** One try of a call, as the upstream has booked it before anybody saw it. */
export interface UpstreamTry {
  readonly nonce: string;
  readonly manner: Manner;
  /** The id of its reply. */
  readonly upstreamId: string;
  readonly model: string;
  readonly stream: boolean;
  readonly count: TokenCount;
  /** Content generated so far; booked before it is written to the socket. */
  contentBytes: number;
  tokens: number;
  /** False when its usage was withheld. */
  readonly tellsUsage: boolean;
  outcome: "running" | "complete" | "died" | "refused" | "left";
}

export interface Upstream {
  readonly url: string;
  /** Every try, by nonce. */
  readonly books: ReadonlyMap<string, readonly UpstreamTry[]>;
  close(): Promise<void>;
}

/** What an upstream is asked for, as it stands in the prompt. */
export interface Order {
  readonly nonce: string;
  readonly manner: Manner;
  readonly tokens: number;
  readonly gapMs: number;
}

/** Writes an order into words. */
export function orderText({ nonce, manner, tokens, gapMs }: Order): string {
  return `nonce=${nonce} manner=${manner} tokens=${tokens} gap=${gapMs}`;
}

/** A word that is in every reply: it must be found nowhere afterwards. */
export const replyCanary = "replycanary7d1f";

const words = ["gate ", "counts ", "größe ", "价格 ", 'a "quote" ', "ledger ", "x ", "settles\n"];

/** Starts an upstream that speaks OpenAI's dialect, is never killed, and keeps its own books. */
export async function startUpstream(): Promise<Upstream> {
  const books = new Map<string, UpstreamTry[]>();
  const server = createServer((request, response) => {
    void answer(request, response, books).catch(() => response.destroy());
  });
  // Sockets of relays that were killed.
  server.on("clientError", (_error, socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new Error("the upstream has no port");
  }
  return {
    url: `http://127.0.0.1:${address.port}`,
    books,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  books: Map<string, UpstreamTry[]>,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(Buffer.from(chunk));
  }
  const text = Buffer.concat(chunks).toString("utf8");
  const order = readOrder(text);
  if (order === undefined) {
    response.writeHead(404).end("{}");
    return;
  }
  const earlier = books.get(order.nonce) ?? [];
  books.set(order.nonce, earlier);
  const draws = createRandom(`${order.nonce} usage`);
  const input = draws.integer(5, 25);
  const cacheRead = draws.chance(0.3) ? draws.integer(1, input) : 0;
  const one: UpstreamTry = {
    nonce: order.nonce,
    manner: order.manner,
    upstreamId: `up-${order.nonce}-${earlier.length}`,
    model: /"model":"([^"]+)"/u.exec(text)?.[1] ?? "",
    stream: text.includes('"stream":true'),
    count: { input: input - cacheRead, cacheRead, output: order.tokens },
    contentBytes: 0,
    tokens: 0,
    tellsUsage: order.manner !== "no-usage",
    outcome: "running",
  };
  earlier.push(one);
  const status = refusalOf(order.manner, earlier.length);
  if (status !== undefined) {
    one.outcome = "refused";
    response.writeHead(status, { "content-type": "application/json", "retry-after": "0" });
    response.end('{"error":{"message":"told to refuse","type":"server_error","code":null}}');
    return;
  }
  await (one.stream ? playStream(response, one, order) : playWhole(response, one, order));
}

function refusalOf(manner: Manner, tries: number): number | undefined {
  switch (manner) {
    case "busy-once":
      return tries === 1 ? 429 : undefined;
    case "broken-once":
      return tries === 1 ? 500 : undefined;
    case "broken":
      return 503;
    case "plain":
    case "no-usage":
    case "dies":
    case "errs":
      return undefined;
  }
}

async function playStream(
  response: ServerResponse,
  one: UpstreamTry,
  { tokens, gapMs, manner }: Order,
): Promise<void> {
  const draws = createRandom(`${one.upstreamId} words`);
  const stopAt = manner === "dies" || manner === "errs" ? draws.integer(1, tokens) : tokens + 1;
  response.writeHead(200, { "content-type": "text/event-stream" });
  send(response, chunkOf(one, { delta: { role: "assistant", content: "" }, end: null }));
  for (let index = 0; index < tokens; index += 1) {
    if (response.destroyed) {
      one.outcome = "left";
      return;
    }
    if (index + 1 === stopAt) {
      one.outcome = "died";
      await stop(response, manner);
      return;
    }
    if (gapMs > 0) {
      await pause(gapMs);
    }
    const word = index === 0 ? `${replyCanary} ` : draws.pick(words);
    one.contentBytes += Buffer.byteLength(word);
    one.tokens += 1;
    send(response, chunkOf(one, { delta: { content: word }, end: null }));
  }
  one.outcome = response.destroyed ? "left" : "complete";
  send(response, chunkOf(one, { delta: {}, end: "stop" }));
  if (one.tellsUsage) {
    send(response, { ...headOf(one, "chat.completion.chunk"), choices: [], usage: usageOf(one) });
  }
  response.end("data: [DONE]\n\n");
}

async function stop(response: ServerResponse, manner: Manner): Promise<void> {
  if (manner === "errs") {
    response.end('data: {"error":{"message":"told to err","type":"server_error"}}\n\n');
    return;
  }
  // What was written so far gets out first: a reset would take it along.
  await pause(20);
  response.socket?.destroy();
}

async function playWhole(
  response: ServerResponse,
  one: UpstreamTry,
  { tokens, gapMs, manner }: Order,
): Promise<void> {
  const draws = createRandom(`${one.upstreamId} words`);
  await pause(Math.min(gapMs * tokens, 500));
  if (manner === "dies" || manner === "errs") {
    one.outcome = "died";
    response.socket?.destroy();
    return;
  }
  const text = [replyCanary, ...Array.from({ length: tokens - 1 }, () => draws.pick(words))].join(
    "",
  );
  one.contentBytes = Buffer.byteLength(text);
  one.tokens = tokens;
  one.outcome = "complete";
  response.writeHead(200, { "content-type": "application/json" });
  const message = { role: "assistant", content: text };
  response.end(
    JSON.stringify({
      ...headOf(one, "chat.completion"),
      choices: [{ index: 0, message, finish_reason: "stop" }],
      ...(one.tellsUsage ? { usage: usageOf(one) } : {}),
    }),
  );
}

function headOf(one: UpstreamTry, object: string) {
  return { id: one.upstreamId, object, created: 1_700_000_000, model: one.model };
}

function chunkOf(
  one: UpstreamTry,
  { delta, end }: { readonly delta: object; readonly end: string | null },
): object {
  return {
    ...headOf(one, "chat.completion.chunk"),
    choices: [{ index: 0, delta, finish_reason: end }],
  };
}

function usageOf({ count }: UpstreamTry): object {
  return {
    prompt_tokens: count.input + count.cacheRead,
    completion_tokens: count.output,
    total_tokens: count.input + count.cacheRead + count.output,
    prompt_tokens_details: { cached_tokens: count.cacheRead },
  };
}

function send(response: ServerResponse, event: object): void {
  response.write(`data: ${JSON.stringify(event)}\n\n`);
}

function readOrder(body: string): Order | undefined {
  const found = /nonce=([0-9a-f]{16}) manner=([a-z-]+) tokens=(\d+) gap=(\d+)/u.exec(body);
  const manner = manners.find((one) => one === found?.[2]);
  return found === null || manner === undefined
    ? undefined
    : {
        nonce: found[1] ?? "",
        manner,
        tokens: Number(found[3]),
        gapMs: Number(found[4]),
      };
}
