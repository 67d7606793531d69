import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { createTemporaryDirectory } from "../testing/temporary-directory.ts";
import { ConfigError } from "./config.ts";
import { readEnvironment } from "./read-environment.ts";

const folder = createTemporaryDirectory();
after(() => folder.remove());

describe("the environment of a process", () => {
  it("takes from the file what the real environment does not say", () => {
    const envFile = join(folder.path, "usual.env");
    writeFileSync(
      envFile,
      '# a comment\nPORT=4000\nexport THEME="berry" # quoted\nSQL_DSN=from-file\nEMPTY=x\n',
    );
    const environment = readEnvironment({
      environment: { SQL_DSN: "from-process", EMPTY: "", HOME: "/root" },
      envFile,
    });
    assert.deepEqual(environment, {
      PORT: "4000",
      THEME: "berry",
      SQL_DSN: "from-process",
      EMPTY: "",
      HOME: "/root",
    });
  });

  it("is the real one when there is no file", () => {
    const environment = { PORT: "1" };
    const envFile = join(folder.path, "absent.env");
    assert.equal(readEnvironment({ environment, envFile }), environment);
  });

  it("refuses a file that cannot be read or is too large, and names it", () => {
    const unreadable = join(folder.path, "folder.env");
    mkdirSync(unreadable);
    const large = join(folder.path, "large.env");
    writeFileSync(large, "x".repeat(1_048_577));
    for (const envFile of [unreadable, large]) {
      assert.throws(
        () => readEnvironment({ environment: {}, envFile }),
        (error) => error instanceof ConfigError && error.message.includes(envFile),
      );
    }
  });
});
