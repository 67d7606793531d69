import assert from "node:assert/strict";
import { test } from "node:test";
import { paymentSecretsField } from "./payment-secrets.ts";

const field = paymentSecretsField();

test("secrets are read from a list and from JSON", () => {
  assert.deepEqual([...field.parse(undefined)], []);
  assert.deepEqual([...field.parse(" ")], []);
  assert.deepEqual(
    [...field.parse("acme=s3cr=t==, other=x")],
    [
      ["acme", "s3cr=t=="],
      ["other", "x"],
    ],
  );
  assert.deepEqual([...field.parse('{"acme": "a,b=c"}')], [["acme", "a,b=c"]]);
});

test("an empty secret, a bad name and an unreadable text are refused without showing a secret", () => {
  const wrong = [
    "acme=",
    "acme= ,other=hidden",
    '{"acme": ""}',
    '{"acme": 5}',
    '{"acme": "hidden"',
    "hidden",
    "ACME=hidden",
    "=hidden",
    "acme=hidden,acme=hidden",
  ];
  for (const text of wrong) {
    const result = field.safeParse(text);
    assert.equal(result.success, false, text);
    assert.doesNotMatch(result.error?.message ?? "", /hidden/u);
  }
});
