import { createServer } from "node:http";

/**
 * The upstream of the benchmark: answers at once from prepared bytes and counts, so that it costs as little CPU as a
 * Node server can. Each target has a base path of its own, `/t/<name>`; `GET /t/<name>/count` tells the calls answered there.
 */
const CHUNKS = 40;
const INPUT_TOKENS = 20;
const OUTPUT_TOKENS = CHUNKS;

const usage = {
  prompt_tokens: INPUT_TOKENS,
  completion_tokens: OUTPUT_TOKENS,
  total_tokens: INPUT_TOKENS + OUTPUT_TOKENS,
};
const whole = Buffer.from(
  JSON.stringify({
    id: "chatcmpl-bench",
    object: "chat.completion",
    created: 1_760_000_000,
    model: "gpt-4o-mini",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: "word ".repeat(OUTPUT_TOKENS).trimEnd() },
        finish_reason: "stop",
      },
    ],
    usage,
  }),
);
const chunk = (delta: object, finish: string | null): string =>
  `data: ${JSON.stringify({
    id: "chatcmpl-bench",
    object: "chat.completion.chunk",
    created: 1_760_000_000,
    model: "gpt-4o-mini",
    choices: [{ index: 0, delta, finish_reason: finish }],
  })}\n\n`;
const frames = [
  ...Array.from({ length: CHUNKS }, () => Buffer.from(chunk({ content: "word " }, null))),
  Buffer.from(chunk({}, "stop")),
  Buffer.from(
    `data: ${JSON.stringify({
      id: "chatcmpl-bench",
      object: "chat.completion.chunk",
      created: 1_760_000_000,
      model: "gpt-4o-mini",
      choices: [],
      usage,
    })}\n\n`,
  ),
  Buffer.from("data: [DONE]\n\n"),
];
const callsByTarget = new Map<string, number>();

const server = createServer((request, response) => {
  const [, , name = "", ...rest] = (request.url ?? "").split("/");
  if (rest[0] === "count") {
    const calls = callsByTarget.get(name) ?? 0;
    response.end(
      JSON.stringify({
        calls,
        inputTokens: calls * INPUT_TOKENS,
        outputTokens: calls * OUTPUT_TOKENS,
      }),
    );
    return;
  }
  let isStream = false;
  request.on("data", (piece: Buffer) => {
    isStream ||= piece.includes('"stream":true');
  });
  request.on("end", () => {
    callsByTarget.set(name, (callsByTarget.get(name) ?? 0) + 1);
    if (!isStream) {
      response.writeHead(200, {
        "content-type": "application/json",
        "content-length": whole.length,
      });
      response.end(whole);
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    let next = 0;
    // One frame a turn, as a model that talks: each becomes a packet of its own.
    const step = (): void => {
      const frame = frames[next];
      next += 1;
      if (frame === undefined) {
        response.end();
      } else {
        response.write(frame);
        setImmediate(step);
      }
    };
    step();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(Number(process.argv[2]), "127.0.0.1", () => {
  process.stdout.write("ready\n");
});
process.once("SIGTERM", () => {
  process.exit(0);
});
