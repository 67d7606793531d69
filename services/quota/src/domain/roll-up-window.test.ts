import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createSeededRandom } from "@tollgate/kit/testing/seeded-random";
import { splitWindow } from "./roll-up-window.ts";

const day = 86_400;
const hour = 3600;
const stepOf = { day, hour, row: 1 };

describe("a window of time", () => {
  it("uses the largest steps that fit", () => {
    assert.deepEqual(splitWindow(0, 2 * day), [
      { source: "day", fromSeconds: 0, toSeconds: 2 * day },
    ]);
    assert.deepEqual(splitWindow(day - hour - 5, day + 2 * hour), [
      { source: "row", fromSeconds: day - hour - 5, toSeconds: day - hour },
      { source: "hour", fromSeconds: day - hour, toSeconds: day + 2 * hour },
    ]);
    assert.deepEqual(splitWindow(5, 5), []);
    assert.deepEqual(splitWindow(9, 5), []);
  });

  it("is covered without gap or overlap, every part on its own step", () => {
    const random = createSeededRandom(7);
    for (let round = 0; round < 500; round += 1) {
      const from = random.integer(0, 5 * day);
      const to = from + random.integer(0, 4 * day);
      let reached = from;
      for (const { source, fromSeconds, toSeconds } of splitWindow(from, to)) {
        assert.equal(fromSeconds, reached);
        assert.ok(toSeconds > fromSeconds);
        assert.equal(fromSeconds % stepOf[source], 0);
        assert.equal(toSeconds % stepOf[source], 0);
        reached = toSeconds;
      }
      assert.equal(reached, to);
    }
  });
});
