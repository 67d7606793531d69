import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseCommandLine } from "./command-line.ts";

const program = { name: "tollgate", version: "1.2.3", summary: "A gateway." };

describe("the command line", () => {
  it("takes one dash or two", () => {
    assert.deepEqual(parseCommandLine(["-port", "8080", "--log-dir=logs"], program), {
      kind: "run",
      port: 8080,
      logDir: "logs",
    });
  });

  it("answers questions with a text to print", () => {
    assert.deepEqual(parseCommandLine(["--version"], program), {
      kind: "version",
      text: "tollgate 1.2.3\n",
    });
    assert.equal(parseCommandLine(["--help"], program).kind, "help");
  });

  it("refuses unknown flags, words and ports", () => {
    for (const argv of [["--prot", "1"], ["start"], ["--port", "70000"], ["--port", "x"]]) {
      assert.equal(parseCommandLine(argv, program).kind, "invalid");
    }
  });
});
