/** The thread that counts: loading an encoding takes a second, and some texts take long. Started by `token-counter.ts`. */
import { parentPort } from "node:worker_threads";
import type { Tiktoken } from "tiktoken";
import { get_encoding } from "tiktoken";
import type { CountAnswer, CountQuestion } from "#counting/count-messages.ts";
import type { Encoding } from "#counting/encodings.ts";

const encoders = new Map<Encoding, Tiktoken>();

function encoderOf(encoding: Encoding): Tiktoken {
  let encoder = encoders.get(encoding);
  if (encoder === undefined) {
    encoder = get_encoding(encoding);
    encoders.set(encoding, encoder);
  }
  return encoder;
}

function answer({ id, encoding, input, output }: CountQuestion): CountAnswer {
  const encoder = encoderOf(encoding);
  // What looks like a special token in a text of a client is text.
  const count = (text: string): number => encoder.encode_ordinary(text).length;
  return {
    id,
    inputTokens: input.reduce((sum, text) => sum + count(text), 0),
    outputTokens: output === "" ? 0 : count(output),
  };
}

parentPort?.on("message", (question: CountQuestion) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(answer(question));
});
