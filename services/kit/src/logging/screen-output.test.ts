import assert from "node:assert/strict";
import { it } from "node:test";
import { openScreenOutput } from "./screen-output.ts";

it("a reader that went away costs lines, never the process", () => {
  const written: string[] = [];
  let fail: (error: Error) => void = assert.fail;
  const output = openScreenOutput({
    write: (text) => written.push(text),
    on: (_event, listener) => {
      fail = listener;
    },
  });
  output.write("first\n");
  fail(new Error("write EPIPE"));
  output.write("second\n");
  assert.deepEqual(written, ["first\n"]);
});
