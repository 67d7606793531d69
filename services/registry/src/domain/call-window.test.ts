import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { addCalls, countCalls, createCallWindow } from "./call-window.ts";

const minuteMs = 60_000;

describe("a window of calls", () => {
  it("counts 60 minutes and lets them go one by one", () => {
    const window = createCallWindow(0);
    for (let minute = 0; minute < 90; minute += 1) {
      addCalls(window, { requests: 2, successes: 1 }, minute * minuteMs);
    }
    assert.deepEqual(countCalls(window, 89 * minuteMs), { requests: 120, successes: 60 });
    assert.deepEqual(countCalls(window, 119 * minuteMs), { requests: 60, successes: 30 });
    assert.deepEqual(countCalls(window, 1000 * minuteMs), { requests: 0, successes: 0 });
  });

  it("keeps its counts when the clock is set back", () => {
    const window = createCallWindow(100 * minuteMs);
    addCalls(window, { requests: 1, successes: 1 }, 100 * minuteMs);
    addCalls(window, { requests: 1, successes: 0 }, 50 * minuteMs);
    assert.deepEqual(countCalls(window, 50 * minuteMs), { requests: 2, successes: 1 });
  });
});
