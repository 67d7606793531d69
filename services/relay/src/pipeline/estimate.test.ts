import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { createSeededRandom } from "@tollgate/kit/testing/seeded-random";
import type { JsonObject } from "#conversation/json-value.ts";
import { limits } from "#limits.ts";
import { estimateCall } from "#pipeline/estimate.ts";
import { openAiCompletions } from "#surfaces/openai-completions/index.ts";
import { openAiChat } from "#surfaces/openai-chat/index.ts";
import { openAiEmbeddings } from "#surfaces/openai-embeddings/index.ts";
import type { Surface } from "#surfaces/surface.ts";

function estimate(
  json: JsonObject,
  surface: Surface = openAiChat,
  { systemPrompt = "", isStrict = false } = {},
) {
  const body = Buffer.from(JSON.stringify(json));
  const serving = { pricedModel: String(json["model"]), channel: { systemPrompt } };
  return estimateCall({ body, json, brief: surface.readBrief(json), grant: { isStrict } }, serving);
}

const chat = (more: JsonObject = {}): JsonObject => ({
  model: "gpt-4",
  messages: [{ role: "user", content: "Hi" }],
  ...more,
});

suite("what a call may take", () => {
  test("covers whatever usage its body allows: every byte a token, every choice at its bound, media at their most", () => {
    const random = createSeededRandom(5);
    const words = ["a", "漢字", "word ", '"', "\n", "😀", "0", "x".repeat(600)];
    const text = (): string =>
      Array.from({ length: random.integer(0, 40) }, () => random.pick(words)).join("");
    for (let round = 0; round < 500; round += 1) {
      const pictures = random.integer(0, 3);
      const url = `data:image/png;base64,${"A".repeat(random.integer(0, 5000))}`;
      const said = text();
      const prompt = text();
      const choices = random.integer(1, 4);
      const bound = random.integer(1, 9000);
      const tools = [{ type: "function", function: { name: "f", description: text() } }];
      const json = chat({
        messages: [
          { role: "system", content: said },
          {
            role: "user",
            content: [
              { type: "text", text: said },
              ...Array.from({ length: pictures }, () => ({
                type: "image_url",
                image_url: { url },
              })),
            ],
          },
        ],
        n: choices,
        max_tokens: bound,
        tools,
      });
      const { inputTokensBound, outputTokensReserved } = estimate(json, openAiChat, {
        systemPrompt: prompt,
      });
      const bytes = Buffer.byteLength(said) * 2 + Buffer.byteLength(prompt);
      const toolBytes = Buffer.byteLength(JSON.stringify(tools));
      // The largest input that can be: each byte of text a token, three for each message, pictures in the most tiles.
      assert.ok(inputTokensBound >= bytes + toolBytes + 3 * 2 + 3 + pictures * 1445);
      assert.equal(outputTokensReserved, choices * bound);
    }
  });

  test("counts every prompt and every candidate of completions, and tokens given as numbers", () => {
    const json = { model: "m", prompt: ["a", "b", "c"], n: 2, best_of: 5, max_tokens: 10 };
    assert.equal(estimate(json, openAiCompletions).outputTokensReserved, 150);
    const numbers = Array<number>(1000).fill(1);
    const listed = estimate({ model: "m", prompt: numbers, max_tokens: 1 }, openAiCompletions);
    assert.ok(listed.inputTokensMax >= 1000);
    const lists = estimate({ model: "m", input: [numbers, numbers] }, openAiEmbeddings);
    assert.ok(lists.inputTokensMax >= 2000);
    assert.equal(lists.outputTokensReserved, 0);
  });

  test("takes text that looks like base64 for text: only a part that says so is a picture", () => {
    const long = "A".repeat(90_000);
    const { inputTokensMax } = estimate(chat({ messages: [{ role: "user", content: long }] }));
    assert.ok(inputTokensMax >= 30_000);
    const url = `data:image/png;base64,${long}`;
    const part = { type: "image_url", image_url: { url } };
    const pictured = estimate(chat({ messages: [{ role: "user", content: [part] }] }));
    assert.ok(pictured.inputTokensMax < 10_000 && pictured.inputTokensMax >= 1445);
    assert.ok(pictured.inputTokens < 2000);
  });

  test("counts media that are only named, sound, documents, and what tools answered", () => {
    const most = (part: JsonObject): number =>
      estimate(chat({ messages: [{ role: "user", content: [part] }] })).inputTokensMax;
    assert.ok(most({ type: "image_url", image_url: { url: "https://example.com/a.png" } }) >= 1445);
    assert.ok(most({ type: "file", file: { file_id: "file-1" } }) >= 100_000);
    const data = "A".repeat(64_000);
    assert.ok(most({ type: "input_audio", input_audio: { data, format: "wav" } }) >= 1000);
    const image = { type: "image", source: { type: "base64", data } };
    assert.ok(most({ type: "tool_result", content: [image] }) < 10_000);
    const note = { type: "document", source: { type: "text", data } };
    assert.ok(most(note) >= 21_000);
  });
});

suite("what a stream reserves at first", () => {
  const step = limits.outputTokensStep;
  const reserved = (more: JsonObject): number =>
    estimate(chat({ stream: true, ...more })).outputTokensReserved;

  test("is a part of a large bound, and the whole of a small one", () => {
    assert.equal(reserved({ max_tokens: 100_000 }), step);
    assert.equal(reserved({ max_tokens: 100_000, n: 3 }), 3 * step);
    assert.equal(reserved({ max_tokens: 50 }), 50);
    assert.equal(reserved({}), step);
    assert.equal(estimate(chat({ max_tokens: 100_000 })).outputTokensReserved, 100_000);
  });

  test("holds all that a model may think without showing it", () => {
    assert.equal(reserved({ model: "o3-mini", max_completion_tokens: 30_000 }), 30_000);
    assert.equal(reserved({ model: "gpt-5", max_completion_tokens: 30_000 }), 30_000);
    assert.equal(reserved({ reasoning_effort: "high", max_completion_tokens: 30_000 }), 30_000);
    const thinking = { type: "enabled", budget_tokens: 10_000 };
    assert.equal(reserved({ thinking, max_tokens: 64_000 }), step + 10_000);
    assert.equal(reserved({ thinking: { type: "disabled" }, max_tokens: 64_000 }), step);
  });

  test("ends at the client's own bound, if it has set one", () => {
    assert.equal(estimate(chat({ max_tokens: 7 })).outputTokensLimit, 7);
    assert.equal(estimate(chat()).outputTokensLimit, Number.POSITIVE_INFINITY);
  });
});

suite("what a call of a strict user reserves", () => {
  const strict = (json: JsonObject, surface: Surface = openAiChat) =>
    estimate(json, surface, { isStrict: true });

  test("is every byte of its input and all of its output, streamed or not", () => {
    for (const stream of [false, true]) {
      const json = chat({ stream, max_tokens: 64_000, n: 2 });
      const { inputTokensMax, outputTokensReserved, outputTokensLimit, outputTokensCap } =
        strict(json);
      assert.equal(inputTokensMax, Buffer.byteLength(JSON.stringify(json)));
      assert.deepEqual([outputTokensReserved, outputTokensLimit], [128_000, 128_000]);
      assert.equal(outputTokensCap, undefined, "the client's own bound is kept to");
    }
  });

  test("is bounded where the client has set no bound, and never for calls without output", () => {
    const { outputTokensReserved, outputTokensLimit, outputTokensCap } = strict(chat({ n: 3 }));
    assert.equal(outputTokensCap, limits.outputTokensDefault);
    assert.deepEqual(
      [outputTokensReserved, outputTokensLimit],
      [3 * limits.outputTokensDefault, 3 * limits.outputTokensDefault],
    );
    const embedding = strict({ model: "m", input: "text" }, openAiEmbeddings);
    assert.equal(embedding.outputTokensCap, undefined);
  });
});
