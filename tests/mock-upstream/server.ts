import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { type Behaviour, behaviourOf } from "#mock-upstream/behaviour.ts";
import { type BookedCall, type Books, createBooks } from "#mock-upstream/books.ts";
import { streamedReply, wholeReply, withoutUsage } from "#mock-upstream/reply.ts";
import { scriptOf } from "#mock-upstream/script.ts";
import { playStream } from "#mock-upstream/stream-reply.ts";

export interface MockUpstream {
  readonly url: string;
  readonly books: Books;
  /** Credentials seen, newest last, for tests about headers. */
  readonly seenHeaders: () => readonly IncomingMessage["headers"][];
  readonly seenBodies: () => readonly string[];
  close(): Promise<void>;
}

/** Key that every path accepts; `wrong-…` keys are answered with 401. */
const WRONG_KEY = /^(?:Bearer )?wrong/u;
const BODY_BYTES_MAX = 64 * 1024 * 1024;

/** Starts an upstream that speaks OpenAI's and Anthropic's dialects and keeps its own books. */
export async function startMockUpstream(port = 0): Promise<MockUpstream> {
  const books = createBooks();
  const headers: IncomingMessage["headers"][] = [];
  const bodies: string[] = [];
  let count = 0;
  const server = createServer((request, response) => {
    headers.push(request.headers);
    headers.splice(0, Math.max(0, headers.length - 50));
    void answer(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { behaviour, path } = routeOf(request.url ?? "/");
    const text = await readBody(request);
    bodies.push(text);
    bodies.splice(0, Math.max(0, bodies.length - 50));
    if (request.method === "GET") {
      answerGet(response, path, books);
      return;
    }
    if (path === "/books/reset") {
      books.reset();
      response.end("{}");
      return;
    }
    count += 1;
    await answerCall({ request, response, behaviour, path, text, id: `mock-${count}`, books });
  };
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    books,
    seenHeaders: () => headers,
    seenBodies: () => bodies,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly behaviour: Behaviour;
  readonly path: string;
  readonly text: string;
  readonly id: string;
  readonly books: Books;
}

async function answerCall(exchange: Exchange): Promise<void> {
  const { request, response, behaviour, path, id, books } = exchange;
  const body = parseObject(exchange.text);
  const script = scriptOf(body);
  const call = books.open({
    id,
    path,
    behaviour: behaviour.name,
    model: script.model,
    stream: script.stream,
    usage: script.usage,
  });
  const key = request.headers.authorization ?? String(request.headers["x-api-key"] ?? "");
  const status = WRONG_KEY.test(key) ? 401 : behaviour.status;
  if (status !== undefined) {
    call.outcome = "failed";
    answerError(response, status, behaviour);
    return;
  }
  if (await misbehaveEarly(response, behaviour, call)) {
    return;
  }
  if (script.stream && path !== "/v1/embeddings") {
    await playStream(response, { ...streamedReply({ path, id, script, body }), behaviour, call });
    return;
  }
  if (behaviour.pauseMs !== undefined) {
    await pause(behaviour.pauseMs);
  }
  call.outcome = "complete";
  call.delivered = script.words.length;
  const reply = wholeReply({ path, id, script, body });
  answerJson(response, 200, behaviour.withoutUsage === true ? withoutUsage(reply) : reply);
}

async function misbehaveEarly(
  response: ServerResponse,
  behaviour: Behaviour,
  call: BookedCall,
): Promise<boolean> {
  if (behaviour.silent === true) {
    return true;
  }
  if (behaviour.page !== undefined) {
    call.outcome = "failed";
    response.writeHead(200, { "content-type": behaviour.page.contentType });
    response.end(behaviour.page.text);
    return true;
  }
  if (behaviour.endlessHeader === true) {
    call.outcome = "failed";
    const { socket } = response;
    socket?.write("HTTP/1.1 200 OK\r\n");
    for (let line = 0; line < 100_000 && isWritable(socket); line += 1) {
      socket?.write(`x-endless-${line}: ${"x".repeat(1_000)}\r\n`);
      await pause(1);
    }
    return true;
  }
  return false;
}

const isWritable = (socket: Socket | null): boolean => socket !== null && !socket.destroyed;

function answerGet(response: ServerResponse, path: string, books: Books): void {
  const answers: Readonly<Record<string, () => object>> = {
    "/books": () => books.totals(),
    "/books/calls": () => books.calls(),
    "/v1/models": () => ({
      object: "list",
      data: ["gpt-4o-mini", "gpt-4o", "claude-3-5-haiku"].map((id) => ({ id, object: "model" })),
    }),
    "/v1/dashboard/billing/subscription": () => ({
      object: "billing_subscription",
      has_payment_method: true,
      hard_limit_usd: 120.5,
    }),
    "/v1/dashboard/billing/usage": () => ({ object: "list", total_usage: 2050.25 }),
    "/user/balance": () => ({
      is_available: true,
      balance_infos: [{ currency: "CNY", total_balance: "110.00" }],
    }),
    "/v1/user/info": () => ({ code: 20_000, status: true, data: { totalBalance: "88.00" } }),
  };
  const reply = answers[path];
  if (reply === undefined) {
    answerJson(response, 404, { error: { message: `no such path ${path}`, type: "not_found" } });
  } else {
    answerJson(response, 200, reply());
  }
}

function answerError(response: ServerResponse, status: number, behaviour: Behaviour): void {
  if (behaviour.retryAfterSeconds !== undefined) {
    response.setHeader("retry-after", String(behaviour.retryAfterSeconds));
  }
  answerJson(response, status, {
    error: {
      message: `The mock upstream was told to answer ${status}`,
      type: status === 401 ? "authentication_error" : "mock_error",
      param: null,
      code: status === 401 ? "invalid_api_key" : `mock_${status}`,
    },
  });
}

function answerJson(response: ServerResponse, status: number, body: object): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": bytes.length,
    "x-request-id": "mock-request",
  });
  response.end(bytes);
}

function routeOf(url: string): { readonly behaviour: Behaviour; readonly path: string } {
  const [path = "/"] = url.split("?");
  const match = /^\/b\/([^/]+)(\/.*)$/u.exec(path);
  return match === null
    ? { behaviour: behaviourOf("ok"), path }
    : { behaviour: behaviourOf(match[1] ?? "ok"), path: match[2] ?? "/" };
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null) {
    throw new Error("the mock upstream was sent something that is not a JSON object");
  }
  return Object.fromEntries(Object.entries(value));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const piece = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    bytes += piece.length;
    if (bytes > BODY_BYTES_MAX) {
      throw new Error("the mock upstream was sent too large a body");
    }
    chunks.push(piece);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new Error("the mock upstream has no port");
  }
  return address.port;
}
