import assert from "node:assert/strict";
import { test } from "node:test";
import { createDrainSlots } from "#pipeline/drain-slots.ts";

test("no more calls are drained at once than the bound allows", () => {
  const slots = createDrainSlots(1);
  assert.equal(slots.take(), true);
  assert.equal(slots.take(), false);
  slots.release();
  assert.equal(slots.take(), true);
});
