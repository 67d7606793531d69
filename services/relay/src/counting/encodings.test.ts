import assert from "node:assert/strict";
import { test } from "node:test";
import { encodingOf } from "#counting/encodings.ts";

test("OpenAI's models have an encoding, those of other vendors have none", () => {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["gpt-4o-mini", "o200k_base"],
    ["gpt-4.1", "o200k_base"],
    ["gpt-5-nano-2025-08-07", "o200k_base"],
    ["openai/gpt-oss-120b", "o200k_base"],
    ["o1-mini", "o200k_base"],
    ["o3", "o200k_base"],
    ["ft:gpt-4o:acme", "o200k_base"],
    ["gpt-4", "cl100k_base"],
    ["gpt-4-turbo", "cl100k_base"],
    ["gpt-3.5-turbo-0125", "cl100k_base"],
    ["text-embedding-3-small", "cl100k_base"],
    ["claude-sonnet-4-5", undefined],
    ["o10", undefined],
    ["gpt-test", undefined],
    ["", undefined],
  ];
  for (const [model, encoding] of rows) {
    assert.equal(encodingOf(model), encoding, model);
  }
});
