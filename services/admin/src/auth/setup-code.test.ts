import assert from "node:assert/strict";
import { test } from "node:test";
import { createFakeClock } from "@tollgate/kit/testing/fake-clock";
import { createTemporaryDirectory } from "@tollgate/kit/testing/temporary-directory";
import { createSetupCode } from "./setup-code.ts";

const dayMs = 24 * 60 * 60_000;

test("a code survives a restart, is valid for 24 hours and is then replaced", async () => {
  using directory = createTemporaryDirectory();
  const clock = createFakeClock();
  const options = { dataDir: directory.path, clock };
  const code = await createSetupCode(options).read();
  assert.match(code, /^[2-9A-Z]{16}$/u);
  const restarted = createSetupCode(options);
  assert.equal(await restarted.read(), code);
  await clock.advance(dayMs - 1);
  assert.equal(await restarted.verify(code), true);
  await clock.advance(1);
  assert.equal(await restarted.verify(code), false);
  assert.notEqual(await restarted.read(), code);
});

test("a code may be typed in small letters and with dashes", async () => {
  using directory = createTemporaryDirectory();
  const code = createSetupCode({ dataDir: directory.path, clock: createFakeClock() });
  const text = (await code.read()).toLowerCase();
  assert.equal(await code.verify(` ${text.slice(0, 8)}-${text.slice(8)} `), true);
  assert.equal(await code.verify(text.slice(1)), false);
});

test("two readers at once see the same code", async () => {
  using directory = createTemporaryDirectory();
  const code = createSetupCode({ dataDir: directory.path, clock: createFakeClock() });
  const [first, second] = await Promise.all([code.read(), code.read()]);
  assert.equal(first, second);
});
