import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isQuotaFault } from "#domain/faults.ts";
import { formatStoredPassword, parseStoredPassword } from "#domain/password.ts";
import { createPasswordHasher } from "./password-hasher.ts";

const limits = { runningMax: 4, waitingMax: 8 };

describe("passwords at rest", () => {
  const passwords = createPasswordHasher(limits);

  it("state their cost: 19 MiB, two passes, one lane", async () => {
    const stored = await passwords.hash("correct horse");
    assert.match(stored, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[^$]+\$[^$]+$/u);
    assert.notEqual(stored, await passwords.hash("correct horse"));
  });

  it("agree with the reference implementation of argon2id", async () => {
    // A vector of its test suite: version 19, 256 KiB, 2 passes, 1 lane, salt "somesalt".
    const stored =
      "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
    assert.equal((await passwords.verify("password", stored)).isRight, true);
    assert.equal((await passwords.verify("passwore", stored)).isRight, false);
  });

  it("are outdated when they were stored at another cost", async () => {
    const cheap = createPasswordHasher({
      ...limits,
      cost: { memoryKib: 64, passes: 1, parallelism: 1 },
    });
    const verdict = await passwords.verify("correct horse", await cheap.hash("correct horse"));
    assert.deepEqual(verdict, { isRight: true, isOutdated: true });
  });

  it("nobody has a password that is right, not even an empty one", async () => {
    for (const stored of [undefined, "", "plain", "$2a$10$abcdefghijklmnopqrstuv"]) {
      const verdict = await passwords.verify("", stored);
      assert.deepEqual(verdict, { isRight: false, isOutdated: false });
    }
  });

  it("one more than may wait is refused with a time to come back", async () => {
    const narrow = createPasswordHasher({
      runningMax: 1,
      waitingMax: 2,
      cost: { memoryKib: 64, passes: 1, parallelism: 1 },
    });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 5 }, async () => narrow.hash("correct horse")),
    );
    const refused = outcomes.filter((outcome) => outcome.status === "rejected");
    assert.equal(refused.length, 2);
    for (const { reason } of refused) {
      assert.ok(isQuotaFault("PASSWORD_CHECK_BUSY", reason));
      assert.equal(reason.retryAfterMs, 2000);
    }
    await narrow.hash("the way is free again");
  });

  it("are read back from their text exactly", () => {
    const stored = {
      cost: { memoryKib: 19_456, passes: 2, parallelism: 1 },
      salt: Buffer.from("0123456789abcdef"),
      hash: Buffer.alloc(32, 5),
    };
    assert.deepEqual(parseStoredPassword(formatStoredPassword(stored)), stored);
  });
});
