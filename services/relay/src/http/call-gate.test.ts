import assert from "node:assert/strict";
import { test } from "node:test";
import { isFault } from "@tollgate/kit/fault/fault";
import type { AdmissionStop } from "#ledgering/admission-watch.ts";
import { createCallGate } from "#http/call-gate.ts";

test("while admission is stopped every call is told to come back, and the reason; then it is over", () => {
  let stop: AdmissionStop | undefined = "quota-silent";
  const gate = createCallGate({
    isReady: () => true,
    hasRoom: () => true,
    whyStopped: () => stop,
  });
  const isRefusedWith = (words: RegExp): void =>
    assert.throws(gate.enter, (error) => {
      assert.ok(isFault(error));
      assert.equal(error.reason, "NOT_READY");
      assert.match(error.publicMessage, words);
      return (error.retryAfterMs ?? 0) > 0;
    });
  isRefusedWith(/cannot be verified/u);
  stop = "clock-skewed";
  isRefusedWith(/clock/u);
  assert.equal(gate.callCount(), 0);
  stop = undefined;
  gate.enter();
  assert.equal(gate.callCount(), 1);
});
