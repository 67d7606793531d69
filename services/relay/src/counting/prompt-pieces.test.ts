import assert from "node:assert/strict";
import { test } from "node:test";
import { promptPiecesOf } from "#counting/prompt-pieces.ts";

test("messages cost three tokens each, names one, and the answer's beginning three", () => {
  const messages = [
    { role: "user", name: "ann", content: "a" },
    { role: "assistant", content: null, tool_calls: [{ id: "1" }] },
  ];
  assert.deepEqual(promptPiecesOf({ messages, tools: [{ type: "function" }] }), {
    texts: ["user", "a", "ann", "assistant", '[{"id":"1"}]', '[{"type":"function"}]'],
    framingTokens: 3 + 3 + 1 + 3,
  });
});

test("Anthropic's system prompt is a message, and what tools answered is text", () => {
  const result = { type: "tool_result", content: [{ type: "text", text: "sunny" }] };
  const image = { type: "image", source: { type: "base64", data: "AAAA" } };
  const body = { system: "be brief", messages: [{ role: "user", content: [result, image] }] };
  assert.deepEqual(promptPiecesOf(body), {
    texts: ["system", "be brief", "user", "sunny"],
    framingTokens: 3 + 3 + 3,
  });
});

test("prompts and inputs are counted as they are", () => {
  assert.deepEqual(promptPiecesOf({ prompt: "a" }), { texts: ["a"], framingTokens: 0 });
  assert.deepEqual(promptPiecesOf({ input: ["a", "b", [1, 2]] }), {
    texts: ["a", "b"],
    framingTokens: 2,
  });
  assert.deepEqual(promptPiecesOf({}), { texts: [], framingTokens: 0 });
});
