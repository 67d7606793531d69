import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseDsn } from "./dsn.ts";
import { numberPlaceholders } from "./postgresql-pool.ts";
import { containsPattern, limitOffset } from "./sql-dialect.ts";

describe("a DSN", () => {
  it("of Go's style is read, whatever the password contains", () => {
    assert.deepEqual(parseDsn("root:p@ss/w:rd@tcp(db.local:3307)/oneapi?charset=utf8mb4"), {
      kind: "mysql",
      host: "db.local",
      port: 3307,
      user: "root",
      password: "p@ss/w:rd",
      database: "oneapi",
      tls: "off",
    });
    assert.equal(parseDsn("root@tcp(localhost)/x").port, 3306);
    assert.equal(parseDsn("root:a@tcp([::1]:3306)/x?tls=true").tls, "verified");
  });

  it("as a URL is read, percent-encoding undone", () => {
    const address = parseDsn("postgres://u%40x:p%2F@host/db?sslmode=require");
    assert.deepEqual(address, {
      kind: "postgresql",
      host: "host",
      port: 5432,
      user: "u@x",
      password: "p/",
      database: "db",
      tls: "unverified",
    });
    assert.equal(parseDsn("mariadb://u:p@h:1/db").kind, "mysql");
  });

  it("that is wrong is refused without its password", () => {
    for (const dsn of ["u:hunter2@db", "oracle://u:hunter2@h/db", "mysql://u:hunter2@h/"]) {
      assert.throws(
        () => parseDsn(dsn),
        (error: Error) => !error.message.includes("hunter2"),
      );
    }
  });
});

describe("a statement", () => {
  it("gets numbered placeholders outside quotes", () => {
    assert.equal(
      numberPlaceholders(`select '?' as "a?" where b = ? and c = ?`),
      `select '?' as "a?" where b = $1 and c = $2`,
    );
  });

  it("takes searched texts and pages literally", () => {
    assert.equal(containsPattern("50%_!"), "%50!%!_!!%");
    assert.throws(() => limitOffset(1.5), RangeError);
  });
});
