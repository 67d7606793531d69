import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { reportReplacedVariables, type ReplacedVariable } from "./replaced-variables.ts";

const cache: ReplacedVariable = {
  names: ["CACHE_ENABLED", "CACHE_SECONDS"],
  kind: "needless",
  instead: "everything is in memory",
};
const proxy: ReplacedVariable = {
  names: ["OLD_PROXY"],
  kind: "unsupported",
  instead: "set NEW_PROXY",
};

function report(
  variables: readonly ReplacedVariable[],
  environment: Readonly<Record<string, string | undefined>>,
): readonly unknown[] {
  const lines: unknown[] = [];
  reportReplacedVariables(variables, environment, {
    info: (fields: unknown) => void lines.push(["info", fields]),
    warn: (fields: unknown) => void lines.push(["warn", fields]),
  });
  return lines;
}

describe("variables that are replaced", () => {
  it("are told once for each row, with the names that are set", () => {
    assert.deepEqual(report([cache, proxy, cache], { CACHE_SECONDS: "60", OLD_PROXY: "x" }), [
      ["info", { variables: ["CACHE_SECONDS"], instead: "everything is in memory" }],
      ["warn", { variables: ["OLD_PROXY"], instead: "set NEW_PROXY" }],
    ]);
  });

  it("are silent when they are not set or empty, and their values are never told", () => {
    assert.deepEqual(report([cache, proxy], { CACHE_SECONDS: "", OLD_PROXY: undefined }), []);
    const lines = JSON.stringify(report([proxy], { OLD_PROXY: "http://user:password@host" }));
    assert.doesNotMatch(lines, /password/u);
  });
});
