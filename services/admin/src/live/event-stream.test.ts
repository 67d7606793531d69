import assert from "node:assert/strict";
import { test } from "node:test";
import { createEventStream } from "./event-stream.ts";

test("a slow reader loses the oldest events and is told how many", async () => {
  const stream = createEventStream(3);
  for (let id = 1; id <= 5; id += 1) {
    stream.send("log", { id });
  }
  const chunks: string[] = [];
  stream.body.on("data", (chunk: Buffer) => chunks.push(chunk.toString()));
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  assert.equal(
    chunks.join(""),
    'event: dropped\ndata: {"count":2}\n\n' +
      [3, 4, 5].map((id) => `event: log\ndata: {"id":${id}}\n\n`).join(""),
  );
});

test("a line break in data cannot forge an event", async () => {
  const stream = createEventStream(3);
  stream.send("log", { text: "a\n\nevent: job\ndata: {}" });
  stream.end();
  const chunks: Buffer[] = [];
  for await (const chunk of stream.body) {
    chunks.push(Buffer.from(chunk));
  }
  assert.equal(Buffer.concat(chunks).toString().split("\n\n").length, 2);
});
