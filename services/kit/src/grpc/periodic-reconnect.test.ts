import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createLogger } from "../logging/logger.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { keepStreamOpen } from "./periodic-reconnect.ts";

const logger = createLogger({ service: "test", level: "silent" });

describe("a stream kept open", () => {
  it("waits longer after each failure, up to the bound, and stops when closed", async () => {
    const clock = createFakeClock();
    const openedAtMs: number[] = [];
    const stream = keepStreamOpen({
      open: async () => {
        openedAtMs.push(clock.monotonicMs());
        throw new Error("away");
      },
      backoff: { minMs: 100, maxMs: 400 },
      logger,
      name: "test",
      clock,
      random: () => 1,
    });
    await clock.advance(1500);
    assert.deepEqual(openedAtMs, [0, 100, 300, 700, 1100, 1500]);
    await stream.close();
    assert.equal(clock.pendingTimers(), 0);
  });
});
