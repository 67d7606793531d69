import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isQuotaFault } from "./faults.ts";
import { checkSubnets } from "./subnet.ts";

describe("allowed networks", () => {
  it("are IPv4 and IPv6 networks in CIDR form, blanks trimmed", () => {
    assert.deepEqual(checkSubnets([" 10.0.0.0/8 ", "", "0.0.0.0/0", "2001:db8::/32", "::1/128"]), [
      "10.0.0.0/8",
      "0.0.0.0/0",
      "2001:db8::/32",
      "::1/128",
    ]);
  });

  it("that are anything else are refused", () => {
    for (const subnet of [
      "10.0.0.1",
      "10.0.0.0/33",
      "10.0.0/8",
      "10.0.0.0/08",
      "10.0.0.0/8/8",
      "::1/129",
      "fe80::1%eth0/64",
      "example.org/8",
      "/8",
      "10.0.0.0/",
    ]) {
      assert.throws(
        () => checkSubnets([subnet]),
        (error) => isQuotaFault("KEY_SUBNETS_INVALID", error),
        subnet,
      );
    }
    assert.throws(() => checkSubnets(Array.from({ length: 65 }, () => "10.0.0.0/8")));
  });
});
