import assert from "node:assert/strict";
import { suite, test } from "node:test";

import { isFault } from "@tollgate/kit/fault/fault";

import { anthropicMessages } from "#surfaces/anthropic-messages/index.ts";
import { openAiChat } from "#surfaces/openai-chat/index.ts";
import { openAiCompletions } from "#surfaces/openai-completions/index.ts";
import { openAiEmbeddings } from "#surfaces/openai-embeddings/index.ts";
import { surfaces } from "#surfaces/registry.ts";
import type { Surface } from "#surfaces/surface.ts";

function refusal(surface: Surface, body: unknown): string {
  try {
    surface.readBrief(body);
  } catch (error) {
    assert(isFault(error, "INVALID_REQUEST"));
    assert.equal(error.metadata["code"], "invalid_text_request");
    return error.publicMessage;
  }
  return "accepted";
}

const CHAT = { model: "m", messages: [{ role: "user", content: "x" }] };

suite("what admission reads of a body", () => {
  test("a chat's bound is the larger one, its choices are counted, zero is no bound", () => {
    assert.deepEqual(openAiChat.readBrief(CHAT), {
      model: "m",
      stream: false,
      wantsStreamUsage: false,
      choices: 1,
      isInputOnly: false,
    });
    const body = { ...CHAT, max_tokens: 5, max_completion_tokens: 9, n: 3, stream: true };
    const brief = openAiChat.readBrief({ ...body, stream_options: { include_usage: true } });
    assert.deepEqual(
      [brief.outputTokensMax, brief.choices, brief.stream, brief.wantsStreamUsage],
      [9, 3, true, true],
    );
    assert.equal(openAiChat.readBrief({ ...CHAT, max_tokens: 0 }).outputTokensMax, undefined);
    assert.equal(openAiChat.readBrief({ ...CHAT, n: null, stream: null }).choices, 1);
  });

  test("a chat that cannot be relayed is refused in One API's words", () => {
    const cases: readonly (readonly [unknown, string])[] = [
      [[], "The body must be a JSON object."],
      [null, "The body must be a JSON object."],
      [{ messages: CHAT.messages }, "model is required"],
      [{ ...CHAT, model: "" }, "model is required"],
      [{ ...CHAT, model: 5 }, "model is required"],
      [{ model: "m" }, "field messages is required"],
      [{ model: "m", messages: [] }, "field messages is required"],
      [{ model: "m", messages: "x" }, "field messages is required"],
      [{ ...CHAT, max_tokens: -1 }, "max_tokens is invalid"],
      [{ ...CHAT, max_tokens: 1.5 }, "max_tokens is invalid"],
      [{ ...CHAT, max_tokens: "9" }, "max_tokens is invalid"],
      [{ ...CHAT, max_tokens: 1_073_741_824 }, "max_tokens is invalid"],
      [{ ...CHAT, max_tokens: 1_073_741_823 }, "accepted"],
      [{ ...CHAT, n: 0 }, "n must be a whole number from 1 to 128"],
      [{ ...CHAT, n: 129 }, "n must be a whole number from 1 to 128"],
      [{ ...CHAT, stream: "true" }, "stream must be true or false"],
      [{ ...CHAT, stream_options: [] }, "stream_options must be an object"],
    ];
    for (const [body, message] of cases) {
      assert.equal(refusal(openAiChat, body), message, JSON.stringify(body));
    }
  });

  test("every prompt of a completion and every candidate counts as a choice", () => {
    const choices = (more: object): number =>
      openAiCompletions.readBrief({ model: "m", prompt: "x", ...more }).choices;
    assert.equal(choices({}), 1);
    assert.equal(choices({ n: 2, best_of: 5 }), 5);
    assert.equal(choices({ prompt: ["a", "b", "c"], n: 2 }), 6);
    assert.equal(choices({ prompt: [1, 2, 3] }), 1);
    assert.equal(choices({ prompt: [[1], [2]] }), 2);
    assert.equal(
      refusal(openAiCompletions, { model: "m", prompt: "" }),
      "field prompt is required",
    );
    assert.equal(refusal(openAiCompletions, { model: "m" }), "field prompt is required");
  });

  test("embeddings take the model from the body before the path, and make no output", () => {
    const brief = openAiEmbeddings.readBrief({ input: ["x"] }, "from-path");
    assert.deepEqual([brief.model, brief.isInputOnly], ["from-path", true]);
    assert.equal(openAiEmbeddings.readBrief({ model: "m", input: "x" }, "p").model, "m");
    assert.equal(refusal(openAiEmbeddings, { model: "m", input: [] }), "field input is required");
    assert.equal(refusal(openAiEmbeddings, { input: "x" }), "model is required");
  });

  test("Anthropic's calls must name their bound, and always show usage in streams", () => {
    const brief = anthropicMessages.readBrief({ ...CHAT, max_tokens: 8, stream: true });
    assert.deepEqual([brief.outputTokensMax, brief.wantsStreamUsage], [8, true]);
    assert.equal(refusal(anthropicMessages, CHAT), "field max_tokens is required");
    assert.equal(refusal(anthropicMessages, { ...CHAT, max_tokens: -3 }), "max_tokens is invalid");
  });

  test("no path belongs to two surfaces", () => {
    const paths = surfaces.flatMap((surface) => surface.paths);
    assert.equal(new Set(paths).size, paths.length);
  });
});
