import assert from "node:assert/strict";
import { test } from "node:test";
import { frameChunk } from "#http/frame-chunk.ts";

test("a chunk says its length in bytes, in hexadecimal", () => {
  assert.equal(frameChunk("hello").toString(), "5\r\nhello\r\n");
  assert.equal(frameChunk("é".repeat(10)).toString(), `14\r\n${"é".repeat(10)}\r\n`);
  assert.equal(frameChunk(Buffer.alloc(300, "x")).toString(), `12c\r\n${"x".repeat(300)}\r\n`);
});
