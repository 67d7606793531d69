import { Injector, runInInjectionContext, signal } from "@angular/core";
import { TestBed } from "@angular/core/testing";
import { form } from "@angular/forms/signals";
import { type UserDraft, newUserDraft, toWire, userSchema } from "./user-schema";

const complete: UserDraft = { ...newUserDraft, username: "ada", password: "12345678" };

function messages(change: Partial<UserDraft>): readonly (string | undefined)[] {
  return runInInjectionContext(TestBed.inject(Injector), () => {
    const tree = form(signal({ ...complete, ...change }), userSchema);
    return tree()
      .errorSummary()
      .map((error) => error.message);
  });
}

describe("userSchema", () => {
  it("wants a password of a new user and keeps the old one when left blank", () => {
    expect(messages({ password: "" })).toEqual(["error.required"]);
    expect(messages({ password: "", isNew: false })).toEqual([]);
    expect(messages({ password: "short" })).toEqual(["error.passwordShort"]);
  });

  it("never sends an amount or an empty password", () => {
    expect(toWire({ ...complete, password: "" })).toEqual({
      username: "ada",
      display_name: "",
      group: "default",
    });
  });

  it("says of a user that is there whether its calls reserve one by one", () => {
    expect(toWire({ ...complete, isNew: false, strict: true })).toMatchObject({ strict: true });
  });
});
