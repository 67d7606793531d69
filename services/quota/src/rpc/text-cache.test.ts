import assert from "node:assert/strict";
import { test } from "node:test";
import { createSeededRandom } from "@tollgate/kit/testing/seeded-random";
import { readText } from "./text-cache.ts";

test("a text that is known is never taken for another one, in any script", () => {
  const seed = 11;
  const random = createSeededRandom(seed);
  const letters = ["a", "b", "-", "4", "é", "Ã", "©", "\u00e9", "模", "🙂", "\0"];
  for (let round = 0; round < 20_000; round += 1) {
    const length = random.integer(0, 5);
    const text = Array.from({ length }, () => random.pick(letters)).join("");
    const bytes = Buffer.from(`<${text}>`);
    assert.equal(readText(bytes, 1, bytes.length - 1), text, `seed ${seed}, round ${round}`);
  }
});

test("what is cached is the whole text, not its beginning", () => {
  const bytes = Buffer.from("gpt-4o-mini");
  assert.equal(readText(bytes, 0, 6), "gpt-4o");
  assert.equal(readText(bytes, 0, 11), "gpt-4o-mini");
  assert.equal(readText(Buffer.from("x".repeat(500)), 0, 500), "x".repeat(500));
});
