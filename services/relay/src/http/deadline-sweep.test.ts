import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { DeadlineSweep } from "#http/deadline-sweep.ts";

test("a deadline fires once, never early, and not at all when it was cancelled", (context) => {
  let nowMs = 0;
  context.mock.method(performance, "now", () => nowMs);
  mock.timers.enable({ apis: ["setInterval"] });
  const passTime = (ms: number): void => {
    nowMs += ms;
    mock.timers.tick(ms);
  };
  const sweep = new DeadlineSweep(1000);
  const fired: string[] = [];
  sweep.start(() => fired.push("first"));
  passTime(400);
  const cancelled = sweep.start(() => fired.push("cancelled"));
  sweep.start(() => fired.push("second"));
  passTime(500);
  assert.equal(fired.length, 0);
  sweep.cancel(cancelled);
  passTime(150);
  assert.equal(fired.join(), "first");
  passTime(400);
  passTime(5000);
  assert.equal(fired.join(), "first,second");
  // It rests when nobody waits, and wakes up again.
  sweep.start(() => fired.push("third"));
  passTime(1050);
  assert.equal(fired.at(-1), "third");
  mock.timers.reset();
});
