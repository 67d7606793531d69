import { Injector, runInInjectionContext, signal } from "@angular/core";
import { TestBed } from "@angular/core/testing";
import { form } from "@angular/forms/signals";
import { type TokenDraft, draftOf, newTokenDraft, toWire, tokenSchema } from "./token-schema";

function messages(change: Partial<TokenDraft>): readonly (string | undefined)[] {
  return runInInjectionContext(TestBed.inject(Injector), () => {
    const tree = form(signal({ ...newTokenDraft, name: "app", ...change }), tokenSchema);
    return tree()
      .errorSummary()
      .map((error) => error.message);
  });
}

describe("tokenSchema", () => {
  it("accepts a name alone: everything else has a default", () => {
    expect(messages({})).toEqual([]);
  });

  it("counts characters of a name, not bytes", () => {
    expect(messages({ name: "令".repeat(64) })).toEqual([]);
    expect(messages({ name: "令".repeat(65) })).toEqual(["error.nameLong"]);
  });

  it("refuses an expiry in the past", () => {
    expect(messages({ expires: "2001-01-01T00:00" })).toEqual(["error.past"]);
  });

  it("takes IPv4, IPv6 and CIDR, and nothing else", () => {
    expect(messages({ subnets: "10.0.0.0/8\n2001:db8::/32, 192.168.1.7" })).toEqual([]);
    expect(messages({ subnets: "everywhere" })).toEqual(["error.cidr"]);
  });
});

describe("toWire", () => {
  it("spells never as -1 and lists with commas", () => {
    const wire = toWire({
      ...newTokenDraft,
      name: " app ",
      models: ["a", "b"],
      subnets: "1.1.1.1\n",
    });
    expect(wire).toMatchObject({ name: "app", expired_time: -1, models: "a,b", subnet: "1.1.1.1" });
  });

  it("gives back what it was read from", () => {
    const end = Math.floor(Date.now() / 60_000) * 60 + 86_400;
    const token = {
      id: 1,
      name: "app",
      status: 1,
      used_quota: 0,
      remain_quota: 7,
      unlimited_quota: false,
      created_time: 1,
      expired_time: end,
      models: "a",
      subnet: "",
    };
    expect(toWire(draftOf(token))).toMatchObject({
      remain_quota: 7,
      expired_time: end,
      models: "a",
    });
  });
});
