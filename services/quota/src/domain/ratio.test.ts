import assert from "node:assert/strict";
import { test } from "node:test";
import { formatRatioJson, parseRatio, parseRatioJson, scaleByRatios } from "./ratio.ts";

const scaled = (unit: bigint, ...texts: readonly string[]): bigint =>
  scaleByRatios(unit, texts.map(parseRatio));

test("decimals, exponents and quotients are read exactly", () => {
  assert.equal(scaled(2_000_000n, "0.075"), 150_000n);
  assert.equal(scaled(2_000_000n, "2.5e-05"), 50n);
  assert.equal(scaled(2_000_000n, "1E+2"), 200_000_000n);
  assert.equal(scaled(3n, "4/3"), 4n);
  assert.equal(scaled(1n, "1/0.3", "0.3"), 1n);
});

test("the product is rounded once, to the nearest", () => {
  assert.equal(scaled(10n, "0.33", "0.33"), 1n);
  assert.equal(scaled(1n, "0.5"), 1n);
  assert.equal(scaled(1n, "0.49"), 0n);
});

test("what is no number of at least 0 is refused", () => {
  for (const text of ["", "-1", "1e999", "abc", "1/0", "1/2/3", ".5", "NaN", "0x10"]) {
    assert.throws(() => parseRatio(text), RangeError, text);
  }
});

test("JSON keeps the digits that were written, also those that a float would lose", () => {
  const digits = "0.1234567890123456789012345";
  assert.deepEqual(parseRatioJson(`{"a": ${digits}, "b": 1.50}`), { a: digits, b: "1.50" });
});

test("a formatted table reads back the same", () => {
  const texts = { b: "1", 'a "quoted" name': "2.5e-05" };
  assert.deepEqual(parseRatioJson(formatRatioJson(texts)), texts);
  assert.equal(formatRatioJson({}), "{}");
});
