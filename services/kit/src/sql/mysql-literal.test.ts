import assert from "node:assert/strict";
import { test } from "node:test";
import { literal, literalInserts } from "./mysql-literal.ts";

test("a text ends where it ends, whatever is in it", () => {
  assert.equal(literal("plain ? 模型 🙂"), "'plain ? 模型 🙂'");
  assert.equal(literal(`it's "so" \\`), String.raw`'it\'s \"so\" \\'`);
  assert.equal(literal("\0\b\t\n\r\u001A"), String.raw`'\0\b\t\n\r\Z'`);
});

test("numbers are exact, bytes and switches are what they are", () => {
  assert.equal(literal(9_223_372_036_854_775_807n), "9223372036854775807");
  assert.equal(literal(-5), "-5");
  assert.equal(literal(true), "1");
  assert.equal(literal(null), "null");
  assert.equal(literal(new Uint8Array([0, 171, 255]).subarray(1)), "x'abff'");
  assert.throws(() => literal(Number.NaN), RangeError);
});

test("rows become as few statements as packets of a server allow, in their order", () => {
  const insert = { head: "insert into t (a, b) values ", row: "(?, 0, ?)", tail: " end" };
  assert.deepEqual([...literalInserts({ ...insert, rows: [] })], []);
  const small = {
    ...insert,
    rows: [
      [1, "a"],
      [2, "b"],
    ],
  };
  assert.deepEqual(
    [...literalInserts(small)],
    ["insert into t (a, b) values (1, 0, 'a'),(2, 0, 'b') end"],
  );
  const large = {
    ...insert,
    rows: [
      [1, "a".repeat(250_000)],
      [2, "b"],
    ],
  };
  assert.deepEqual(
    [...literalInserts(large)].map((sql) => sql.slice(0, 33)),
    ["insert into t (a, b) values (1, 0", "insert into t (a, b) values (2, 0"],
  );
  assert.throws(() => [...literalInserts({ ...insert, rows: [[1]] })], RangeError);
});
