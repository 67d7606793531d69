import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { listen } from "@tollgate/kit/lifecycle/listen";

export interface MockUpstream {
  readonly url: string;
  readonly bodies: string[];
  readonly close: () => Promise<void>;
}

export type MockAnswer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** A real HTTP server that answers as it is told. */
export async function startMockUpstream(answer: MockAnswer): Promise<MockUpstream> {
  const bodies: string[] = [];
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      bodies.push(body);
      answer(request, response, body);
    });
  });
  const port = await listen(server, { host: "127.0.0.1", port: 0, what: "mock upstream" });
  return {
    url: `http://127.0.0.1:${port}`,
    bodies,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };

export const chatReply = JSON.stringify({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "gpt-test",
  choices: [{ index: 0, message: { role: "assistant", content: "Hello!" }, finish_reason: "stop" }],
  usage,
});

/** Answers every chat the same way. */
export const answerChat: MockAnswer = (_request, response) => {
  response.writeHead(200, { "Content-Type": "application/json" });
  response.end(chatReply);
};

export function chunk(content: string): string {
  const choices = [{ index: 0, delta: { content }, finish_reason: null }];
  const object = "chat.completion.chunk";
  return `data: ${JSON.stringify({ id: "chatcmpl-1", object, created: 1, model: "gpt-test", choices })}\n\n`;
}

export const finishChunk = `data: ${JSON.stringify({ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "gpt-test", choices: [{ index: 0, delta: {}, finish_reason: "stop" }] })}\n\n`;

export const usageChunk = `data: ${JSON.stringify({ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "gpt-test", choices: [], usage })}\n\n`;

export const done = "data: [DONE]\n\n";

/** An event stream whose chunks come one by one, so that each is a matter of its own. */
export function slowly(
  pieces: readonly string[],
  onClosed: () => void = () => undefined,
): MockAnswer {
  return (_request, response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.on("close", onClosed);
    let next = 0;
    const step = (): void => {
      const text = pieces[next];
      next += 1;
      if (text === undefined) {
        response.end();
      } else if (!response.destroyed) {
        response.write(text, () => setImmediate(step));
      }
    };
    step();
  };
}
