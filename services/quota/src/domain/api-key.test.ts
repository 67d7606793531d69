import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkChosenSecret, readCredential } from "./api-key.ts";
import { isQuotaFault } from "./faults.ts";

const readings = (credential: string): readonly (readonly [string, string])[] =>
  readCredential(credential).map(({ secret, channelSuffix }) => [secret, channelSuffix]);

describe("a presented credential", () => {
  it("is read whole first, then without a trailing channel", () => {
    assert.deepEqual(readings("sk-abc"), [["abc", ""]]);
    assert.deepEqual(readings("abc"), [["abc", ""]]);
    assert.deepEqual(readings("sk-a-b-12"), [
      ["a-b-12", ""],
      ["a-b", "12"],
    ]);
    assert.deepEqual(readings("sk-abc-x"), [["abc-x", ""]]);
    assert.deepEqual(readings("sk-sk-abc"), [["sk-abc", ""]]);
    assert.deepEqual(readings("-12"), [["-12", ""]]);
  });

  it("that can be no key has no reading", () => {
    for (const text of ["", "sk-", "a b", "\u00e9", "x".repeat(257), "y".repeat(513), "a\tb"]) {
      assert.deepEqual(readings(text), []);
    }
  });

  it("chosen by an operator may hold any visible character, and not be short", () => {
    assert.equal(checkChosenSecret(" sk-my-own/key_1 "), "my-own/key_1");
    for (const text of ["short", "has space", "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"]) {
      assert.throws(
        () => checkChosenSecret(text),
        (error) => isQuotaFault("KEY_SECRET_INVALID", error),
      );
    }
  });
});
