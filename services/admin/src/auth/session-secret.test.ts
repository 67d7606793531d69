import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createLogger } from "@tollgate/kit/logging/logger";
import { createTemporaryDirectory } from "@tollgate/kit/testing/temporary-directory";
import { loadSessionSecret } from "./session-secret.ts";

function silent() {
  const warnings: string[] = [];
  const output = { write: (line: string) => warnings.push(line) };
  return { warnings, logger: createLogger({ service: "test", level: "warn", output }) };
}

test("without SESSION_SECRET a random one is made once and kept for the owner only", async () => {
  using directory = createTemporaryDirectory();
  const dataDir = join(directory.path, "data");
  const { logger } = silent();
  const first = await loadSessionSecret({ configured: undefined, dataDir, logger });
  const second = await loadSessionSecret({ configured: undefined, dataDir, logger });
  assert.equal(first.length, 32);
  assert.deepEqual(first, second);
  assert.equal(statSync(join(dataDir, "session.secret")).mode & 0o777, 0o600);
});

test("the example value of One API is refused with a warning", async () => {
  using directory = createTemporaryDirectory();
  const { logger, warnings } = silent();
  const dataDir = directory.path;
  const random = await loadSessionSecret({ configured: "random_string", dataDir, logger });
  assert.equal(warnings.length, 1);
  assert.deepEqual(random, await loadSessionSecret({ configured: undefined, dataDir, logger }));
});

test("replicas with the same SESSION_SECRET accept each other's cookies", async () => {
  const { logger } = silent();
  const load = async () => loadSessionSecret({ configured: "shared", dataDir: "/nowhere", logger });
  assert.deepEqual(await load(), await load());
});
