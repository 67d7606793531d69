import { readServerEvents } from "./server-events";

function streamOf(...pieces: readonly string[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
      controller.close();
    },
  });
}

describe("readServerEvents", () => {
  it("puts events together that were cut anywhere, and skips comments", async () => {
    const stream = streamOf(": hi\n\nda", 'ta: {"a":1}\n', "\r\n\r\ndata: [DO", "NE]\n\n");
    expect(await Array.fromAsync(readServerEvents(stream))).toEqual(['{"a":1}', "[DONE]"]);
  });

  it("yields a last event that has no blank line after it", async () => {
    expect(await Array.fromAsync(readServerEvents(streamOf("data: x")))).toEqual(["x"]);
  });
});
