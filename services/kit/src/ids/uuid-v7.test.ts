import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatUuid, parseUuid, uuidV7Bytes, uuidV7Time } from "./uuid-v7.ts";

describe("a UUID version 7", () => {
  it("carries its time, version and variant", () => {
    const bytes = uuidV7Bytes(1_763_791_234_567);
    assert.equal(uuidV7Time(bytes), 1_763_791_234_567);
    assert.match(formatUuid(bytes), /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-/u);
  });

  it("survives its text form", () => {
    const bytes = uuidV7Bytes();
    assert.deepEqual(parseUuid(formatUuid(bytes).toUpperCase()), bytes);
    assert.throws(() => parseUuid("not-a-uuid"), RangeError);
  });

  it("never repeats, also within a millisecond and beyond one random pool", () => {
    const ids = Array.from({ length: 5000 }, () => formatUuid(uuidV7Bytes(1)));
    assert.equal(new Set(ids).size, 5000);
  });
});
