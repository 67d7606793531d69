import assert from "node:assert/strict";
import { test } from "node:test";
import { Fault } from "@tollgate/kit/fault/fault";
import { createFakeClock } from "@tollgate/kit/testing/fake-clock";
import { createLoginThrottle } from "./login-throttle.ts";

function waitOf(begin: () => unknown): number {
  try {
    begin();
    return 0;
  } catch (error) {
    assert.ok(error instanceof Fault);
    return error.retryAfterMs ?? -1;
  }
}

test("five wrong passwords are free, then the wait doubles", async () => {
  const clock = createFakeClock();
  const throttle = createLoginThrottle({ clock, entriesMax: 100 });
  const begin = (index: number) => () =>
    throttle.begin({ account: "bob", address: `10.0.0.${index}` });
  const waits: number[] = [];
  for (let index = 0; index < 9; index += 1) {
    const waitMs = waitOf(begin(index));
    waits.push(waitMs);
    await clock.advance(waitMs);
    if (waitMs > 0) {
      assert.equal(waitOf(begin(index)), 0);
    }
  }
  assert.deepEqual(waits, [0, 0, 0, 0, 0, 0, 1000, 2000, 4000]);
});

test("many attempts at once are no way around the wait", () => {
  const clock = createFakeClock();
  const throttle = createLoginThrottle({ clock, entriesMax: 100 });
  const waits = Array.from({ length: 10 }, (_, index) =>
    waitOf(() => throttle.begin({ account: "bob", address: `10.0.0.${index}` })),
  );
  assert.equal(waits.filter((waitMs) => waitMs === 0).length, 6);
});

test("the right password starts the account afresh", () => {
  const throttle = createLoginThrottle({ clock: createFakeClock(), entriesMax: 100 });
  const attempt = { account: "Bob", address: "10.0.0.1" };
  for (let round = 0; round < 4; round += 1) {
    for (let index = 0; index < 4; index += 1) {
      throttle.begin(attempt);
    }
    throttle.begin({ ...attempt, account: " bob " }).succeed();
  }
});

test("an attempt that a service could not judge counts for nothing", () => {
  const throttle = createLoginThrottle({ clock: createFakeClock(), entriesMax: 100 });
  for (let index = 0; index < 50; index += 1) {
    throttle.begin({ account: "bob", address: "10.0.0.1" }).withdraw();
  }
});

test("an address that tries many accounts is slowed down; a /64 counts as one address", () => {
  const throttle = createLoginThrottle({ clock: createFakeClock(), entriesMax: 1000 });
  const waits = Array.from({ length: 30 }, (_, index) =>
    waitOf(() => throttle.begin({ account: `user${index}`, address: `2001:db8:1:2::${index}` })),
  );
  assert.equal(waits.filter((waitMs) => waitMs === 0).length, 21);
});

test("what the throttle remembers is bounded", () => {
  const throttle = createLoginThrottle({ clock: createFakeClock(), entriesMax: 10 });
  for (let index = 0; index < 1000; index += 1) {
    throttle.begin({ account: `user${index}`, address: `10.1.${index % 250}.${index % 7}` });
  }
});
