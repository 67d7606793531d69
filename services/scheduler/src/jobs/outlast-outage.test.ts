import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isFault, platformFaults } from "@tollgate/kit/fault/fault";
import { createFakeClock } from "@tollgate/kit/testing/fake-clock";
import { outlastOutage } from "./outlast-outage.ts";

describe("outlasting an outage", () => {
  it("calls again until the service is back", async () => {
    const clock = createFakeClock();
    let calls = 0;
    const result = outlastOutage({ clock, signal: new AbortController().signal }, async () => {
      calls += 1;
      if (calls < 4) {
        throw platformFaults.fault("UNAVAILABLE");
      }
      return "back";
    });
    await clock.advance(15_000);
    assert.equal(await result, "back");
  });

  it("gives up after a minute, and at once for any other failure", async () => {
    const clock = createFakeClock();
    const options = { clock, signal: new AbortController().signal };
    const outage = outlastOutage(options, async () => {
      throw platformFaults.fault("UNAVAILABLE");
    });
    const rejected = assert.rejects(outage, (error) => isFault(error, "UNAVAILABLE"));
    await clock.advance(60_000);
    await rejected;
    const other = outlastOutage(options, async () => {
      throw new Error("a bug");
    });
    await assert.rejects(other, /a bug/u);
  });
});
