import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { dsnField, networkListField } from "./fields.ts";

describe("a field for a data source name", () => {
  it("takes Go's form and URLs", () => {
    for (const dsn of ["root:secret@tcp(db:3306)/oneapi", "postgres://u:p@db/tollgate"]) {
      assert.equal(dsnField().parse(dsn), dsn);
    }
  });

  it("refuses what no driver could use, without telling the password", () => {
    const parsed = dsnField().safeParse("oracle://user:hunter2@db/x");
    assert.match(parsed.error?.issues[0]?.message ?? "", /scheme oracle:\/\/ is not known/u);
    assert.doesNotMatch(JSON.stringify(parsed.error?.issues), /hunter2/u);
  });
});

describe("a field for networks", () => {
  it("is empty when unset and takes addresses and networks of both families", () => {
    assert.deepEqual(networkListField().parse(undefined), []);
    assert.deepEqual(networkListField().parse(" 10.0.0.0/8, ::1 ,fd00::/8"), [
      "10.0.0.0/8",
      "::1",
      "fd00::/8",
    ]);
  });

  it("refuses names, bits that are too many, and half an address", () => {
    for (const text of ["proxy.local", "10.0.0.0/33", "10.0.0", "::1/129", "10.0.0.0/"]) {
      assert.equal(networkListField().safeParse(text).success, false, text);
    }
  });
});
