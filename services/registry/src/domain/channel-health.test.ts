import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ChannelStatus } from "./channel.ts";
import type { TestOutcome } from "./channel-health.ts";
import { decideAfterCalls, decideAfterTest } from "./channel-health.ts";
import { readOptions } from "./options.ts";

const on = readOptions({
  AutomaticDisableChannelEnabled: "true",
  AutomaticEnableChannelEnabled: "true",
});
const off = readOptions({});
const good: TestOutcome = {
  channelId: 1,
  success: true,
  elapsedMs: 100,
  message: "",
  failure: "none",
};

describe("the automatic switches", () => {
  it("switch nothing when their options are off", () => {
    const dead = { ...good, success: false, failure: "credential" } as const;
    assert.deepEqual(decideAfterTest(dead, "enabled", off), { kind: "keep" });
    assert.deepEqual(decideAfterTest(good, "auto-disabled", off), { kind: "keep" });
    const outcome = { lastFailure: "funds", lastFailureMessage: "" } as const;
    assert.deepEqual(decideAfterCalls(outcome, off), { kind: "keep" });
  });

  it("never touch what an operator switched off", () => {
    for (const outcome of [good, { ...good, success: false, failure: "funds" } as const]) {
      assert.deepEqual(decideAfterTest(outcome, "disabled", on), { kind: "keep" });
    }
  });

  it("do not switch on a channel that would be switched off again for being slow", () => {
    const slow = { ...good, elapsedMs: 5001 };
    const kinds = (["enabled", "auto-disabled"] as const satisfies ChannelStatus[]).map(
      (status) => decideAfterTest(slow, status, on).kind,
    );
    assert.deepEqual(kinds, ["disable", "keep"]);
  });

  it("know no slowness when the threshold is 0", () => {
    const patient = { ...on, disableThresholdMs: 0 };
    const slow = { ...good, elapsedMs: 600_000 };
    assert.deepEqual(decideAfterTest(slow, "enabled", patient), { kind: "keep" });
  });

  it("keep reasons short and on one line", () => {
    const lastFailureMessage = `bad\nkey ${"x".repeat(1000)}`;
    const decision = decideAfterCalls({ lastFailure: "credential", lastFailureMessage }, on);
    assert.ok(decision.kind === "disable");
    assert.equal(decision.reason.length, 300);
    assert.ok(!decision.reason.includes("\n"));
  });
});
