import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isQuotaFault } from "./faults.ts";
import { checkPassword, presentedPassword } from "./password.ts";
import { checkEmail, checkGroup, checkUserChange, checkUsername } from "./user.ts";

describe("a user's fields", () => {
  it("usernames are letters of any script, digits and four signs", () => {
    for (const name of ["a", "root", "li.lei@x-y_z", "李雷", "Ωmega9", "u".repeat(64)]) {
      assert.equal(checkUsername(name), name);
    }
    for (const name of ["", "u".repeat(65), "a b", "a/b", "<b>", "a\u202eb", "a\nb", "a,b"]) {
      assert.throws(
        () => checkUsername(name),
        (error) => isQuotaFault("USERNAME_INVALID", error),
      );
    }
  });

  it("two spellings of one name in Unicode are one name", () => {
    assert.equal(checkUsername("Rene\u0301"), checkUsername("Ren\u00e9"));
  });

  it("an e-mail address may be empty, else it looks like one", () => {
    assert.equal(checkEmail(" a@example.org "), "a@example.org");
    assert.equal(checkEmail(""), "");
    for (const email of ["a", "a@", "@b", "a@b@c", "a b@c", "a@b,c@d", "a@b\nc"]) {
      assert.throws(
        () => checkEmail(email),
        (error) => isQuotaFault("EMAIL_INVALID", error),
      );
    }
  });

  it("a group can stand in a comma list", () => {
    assert.equal(checkGroup("vip-1"), "vip-1");
    for (const group of ["", "a,b", "a b", "g".repeat(33)]) {
      assert.throws(
        () => checkGroup(group),
        (error) => isQuotaFault("GROUP_INVALID", error),
      );
    }
  });

  it("passwords have 8 to 128 characters of any kind, counted as people count them", () => {
    assert.equal(checkPassword("12345678"), "12345678");
    assert.equal(checkPassword("😀".repeat(8)), "😀".repeat(8));
    assert.equal(checkPassword("x".repeat(128)).length, 128);
    assert.throws(
      () => checkPassword("😀".repeat(7)),
      (error) => isQuotaFault("PASSWORD_TOO_SHORT", error),
    );
    for (const length of [129, 100_000]) {
      assert.throws(
        () => checkPassword("x".repeat(length)),
        (error) => isQuotaFault("PASSWORD_TOO_LONG", error),
      );
      assert.equal(presentedPassword("x".repeat(length)), undefined);
    }
  });

  it("root keeps its role and stays enabled; others are never deleted by a change", () => {
    const isProtected = (error: unknown): boolean => isQuotaFault("ROOT_PROTECTED", error);
    assert.throws(() => checkUserChange({ role: 100 }, { role: 1 }), isProtected);
    assert.throws(() => checkUserChange({ role: 100 }, { status: "deleted" }), isProtected);
    assert.throws(
      () => checkUserChange({ role: 1 }, { status: "deleted" }),
      (error) => isQuotaFault("STATUS_INVALID", error),
    );
    assert.throws(
      () => checkUserChange({ role: 1 }, { role: 100 }),
      (error) => isQuotaFault("ROLE_INVALID", error),
    );
  });
});
