import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { numberedNames, splitCredentials } from "./split-credentials.ts";

describe("splitting credentials", () => {
  it("takes one a line, trimmed, and skips blank lines of every kind", () => {
    assert.deepEqual(splitCredentials(" a \r\n\r\nb\rc\n\t\n"), ["a", "b", "c"]);
    assert.deepEqual(splitCredentials(" \n "), []);
  });

  it("keeps a JSON object whole, but not two of them", () => {
    const account = '{\n  "type": "service_account"\n}';
    assert.deepEqual(splitCredentials(`\n${account}\n`), [account]);
    assert.deepEqual(splitCredentials('{"a":1}\n{"b":2}'), ['{"a":1}', '{"b":2}']);
  });

  it("numbers names only when there are several", () => {
    assert.deepEqual(numberedNames("x", 1), ["x"]);
    assert.deepEqual(numberedNames("x", 2), ["x-1", "x-2"]);
  });
});
