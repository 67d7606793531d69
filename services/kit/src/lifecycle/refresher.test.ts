import assert from "node:assert/strict";
import { test } from "node:test";
import { createRefresher } from "./refresher.ts";

/** A reading whose ends are in the test's hands. */
function heldReading() {
  const ends: ((error?: Error) => void)[] = [];
  const read = async (): Promise<void> =>
    new Promise((resolve, reject) => {
      ends.push((error) => (error === undefined ? resolve() : reject(error)));
    });
  return { ends, read };
}

async function turn(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}

test("calls made while one reads share one reading after it", async () => {
  const { ends, read } = heldReading();
  const refresh = createRefresher(read);
  const first = refresh();
  await turn();
  const others = [refresh(), refresh(), refresh()];
  await turn();
  assert.equal(ends.length, 1);
  ends[0]?.();
  await first;
  await turn();
  assert.equal(ends.length, 2);
  ends[1]?.();
  await Promise.all(others);
  assert.equal(ends.length, 2);
});

test("a failure reaches those who asked, and the next reading is made", async () => {
  const { ends, read } = heldReading();
  const refresh = createRefresher(read);
  const first = refresh();
  await turn();
  const second = refresh();
  ends[0]?.(new Error("gone"));
  await assert.rejects(first, /gone/u);
  await turn();
  ends[1]?.();
  await second;
  assert.equal(ends.length, 2);
});
