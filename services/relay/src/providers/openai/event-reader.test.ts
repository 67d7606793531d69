import assert from "node:assert/strict";
import { suite, test } from "node:test";

import { createSeededRandom } from "@tollgate/kit/testing/seeded-random";

import { createOpenAiEventReader } from "#providers/openai/event-reader.ts";
import type { NativeEventReader } from "#providers/provider.ts";

const OPTIONS = { contentUnder: "delta", quirks: {}, failureRules: [] } as const;

function chunk(members: object, spaced = false): string {
  const body = { id: "chatcmpl-1", object: "chat.completion.chunk", ...members };
  return spaced ? JSON.stringify(body, null, 1) : JSON.stringify(body);
}

function opened(): NativeEventReader {
  const reader = createOpenAiEventReader(OPTIONS);
  reader.read("", chunk({ choices: [{ index: 0, delta: { role: "assistant" } }] }));
  return reader;
}

const PIECES = [
  "a",
  '"',
  "\\",
  "\n",
  "é",
  "漢",
  "😀",
  "\u0000",
  "\u2028",
  "\ud800",
  "{",
  "}",
  "[",
  "]",
  ":",
  ",",
  '"usage":{',
  '"error":"x"',
  'finish_reason":"stop"',
  '"delta":{"content":"z"}',
  'usage"',
  "\t",
];

suite("reading OpenAI's chunks without parsing them", () => {
  test("whatever the text is, its bytes are counted as a parser would", () => {
    const random = createSeededRandom(7);
    const text = (): string =>
      Array.from({ length: random.integer(0, 5) }, () => random.pick(PIECES)).join("");
    const reader = opened();
    for (let round = 0; round < 20_000; round += 1) {
      const content = text();
      const call = { index: 0, function: { arguments: text() } };
      const delta = random.integer(0, 2) === 0 ? { content, tool_calls: [call] } : { content };
      const data = chunk(
        {
          choices: [{ index: random.integer(0, 1), delta, finish_reason: null }],
          usage: null,
          pad: text(),
        },
        random.integer(0, 1) === 0,
      );
      // A lone surrogate counts for two bytes here, and for the three of its replacement elsewhere.
      const said = content + ("tool_calls" in delta ? call.function.arguments : "");
      const lone = said.split("\ud800").length - 1;
      const facts = reader.read("", data);
      assert.equal(facts.contentBytes, Buffer.byteLength(said) - lone, data);
      assert.equal(facts.usage, undefined, data);
      assert.equal(facts.fault, undefined, data);
      assert.equal(facts.finished, undefined, data);
    }
  });

  test("usage is never overlooked, wherever it stands", () => {
    const usage = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 };
    const delta = { content: "x" };
    for (const members of [
      { choices: [{ index: 0, delta }], usage },
      { usage, choices: [{ index: 0, delta }] },
      { choices: [{ usage, index: 0, delta }], usage: null },
      { usage: null, choices: [{ index: 0, delta, usage }] },
      { choices: [{ index: 0, delta }], x_groq: { usage } },
      { choices: [], usage },
    ]) {
      for (const spaced of [false, true]) {
        const reader = opened();
        for (let plain = 0; plain < 3; plain += 1) {
          reader.read("", chunk({ choices: [{ index: 0, delta }], usage: null }, spaced));
        }
        const facts = reader.read("", chunk(members, spaced));
        assert.equal(facts.usage?.outputTokens, 4, JSON.stringify(members));
      }
    }
  });

  test("an end and an error are never overlooked", () => {
    const delta = { content: "x" };
    const plain = chunk({ choices: [{ index: 0, delta, finish_reason: null }] });
    const reader = opened();
    reader.read("", plain);
    const ended = reader.read("", chunk({ choices: [{ index: 0, delta, finish_reason: "stop" }] }));
    assert.equal(ended.finished, true);
    assert.equal(ended.contentBytes, 1);
    const failing = opened();
    failing.read("", plain);
    const failed = failing.read(
      "",
      chunk({ choices: [{ index: 0, delta, finish_reason: null }], error: { message: "gone" } }),
    );
    assert.equal(failed.fault?.message, "gone");
  });

  test("a reply of several choices has finished when all of them have", () => {
    const reader = opened();
    const read = (choices: readonly object[]): boolean | undefined =>
      reader.read("", chunk({ choices })).finished;
    const delta = { content: "x" };
    const first = { index: 0, delta };
    const second = { index: 1, delta, finish_reason: "stop" };
    assert.equal(read([first, second]), undefined);
    assert.equal(read([{ index: 0, delta: {}, finish_reason: "length" }]), true);
  });

  test("two choices in one chunk are both measured", () => {
    const reader = opened();
    const delta = { content: "abc" };
    assert.equal(
      reader.read(
        "",
        chunk({
          choices: [
            { index: 0, delta },
            { index: 1, delta },
          ],
        }),
      ).contentBytes,
      6,
    );
  });

  test("what is no JSON says nothing", () => {
    const reader = opened();
    assert.deepEqual(reader.read("", "oops"), { contentBytes: 0 });
    assert.deepEqual(reader.read("", ""), { contentBytes: 0 });
  });

  test("completions deliver their text", () => {
    const reader = createOpenAiEventReader({ ...OPTIONS, contentUnder: "choices" });
    const data = (text: string): string =>
      JSON.stringify({ id: "cmpl-1", choices: [{ text, index: 0, logprobs: { tokens: ["no"] } }] });
    const counts = ["a", "bc", "é"].map((text) => reader.read("", data(text)).contentBytes);
    assert.deepEqual(counts, [1, 2, 2]);
  });
});
