import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { createTemporaryDirectory } from "../testing/temporary-directory.ts";
import { createLogger } from "./logger.ts";
import { formatPrettyLine } from "./pretty-output.ts";

function logOf(fields: object): string {
  let written = "";
  const output = { write: (line: string) => void (written += line) };
  createLogger({ service: "test", level: "info", output }).info(fields, "event");
  return written;
}

describe("a log line", () => {
  it("never contains a secret, wherever it hides", () => {
    const secret = "hunter2-hunter2";
    const failure = new Error(`connect to mysql://root:${secret}@db failed`, {
      cause: new Error(`Authorization: Bearer ${secret}`),
    });
    const line = logOf({
      apiKey: secret,
      headers: { authorization: `Bearer ${secret}`, "x-api-key": secret, Cookie: secret },
      channel: { credentials: [secret], key: secret },
      url: `https://host/path?key=${secret}`,
      text: `the key is sk-${secret}`,
      dsn: secret,
      err: failure,
    });
    assert.doesNotMatch(line, /hunter2/u);
    assert.match(line, /"cause":\{"type":"Error"/u);
  });

  it("keeps counts of tokens, ids of keys and amounts of money", () => {
    const line = logOf({ inputTokens: 12, keyId: 7, chargeNanos: 2n ** 60n });
    assert.match(line, /"inputTokens":12,"keyId":7,"chargeNanos":"1152921504606846976"/u);
  });

  it("also goes to a file of the day", () => {
    using folder = createTemporaryDirectory();
    const output = { write: () => undefined };
    const logDir = join(folder.path, "logs");
    createLogger({ service: "test", level: "info", logDir, output }).info({}, "to file");
    const [name = ""] = readdirSync(logDir);
    assert.match(name, /^test-\d{8}\.log$/u);
    assert.match(readFileSync(join(logDir, name), "utf8"), /to file/u);
  });

  it("is readable for people on a terminal", () => {
    const line = formatPrettyLine(logOf({ port: 3000 }), false);
    assert.match(line, /^\d\d:\d\d:\d\d\.\d{3} INFO {2}test event port=3000$/u);
  });
});
