import assert from "node:assert/strict";
import { test } from "node:test";
import { createKeptTexts } from "#counting/kept-text.ts";

test("a text beyond its bound, or beyond what all may keep, is kept no more, and gives its room back", () => {
  const texts = createKeptTexts({ charsMax: 5, totalCharsMax: 8 });
  const [first, second, third] = [texts.open(), texts.open(), texts.open()];
  first.add("12345");
  first.add("6");
  assert.equal(first.read(), undefined);
  second.add("12345");
  third.add("1234");
  assert.equal(third.read(), undefined);
  assert.equal(second.read(), "12345");
  second.drop();
  second.drop();
  const fourth = texts.open();
  fourth.add("12345");
  assert.equal(fourth.read(), "12345");
});

test("a long text of small pieces is read as it was added", () => {
  const text = createKeptTexts({ charsMax: 100_000, totalCharsMax: 100_000 }).open();
  const pieces = Array.from({ length: 3000 }, (_, index) => `${index}é漢😀 `);
  for (const piece of pieces) {
    text.add(piece);
  }
  assert.equal(text.read(), pieces.join(""));
});
