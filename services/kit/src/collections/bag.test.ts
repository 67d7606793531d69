import assert from "node:assert/strict";
import { test } from "node:test";
import { Bag } from "./bag.ts";

test("a bag holds what was put in and not taken out, whatever the order", () => {
  const bag = new Bag<number>();
  const expected = new Set<number>();
  const places = Array.from({ length: 200 }, (_, item) => {
    expected.add(item);
    return bag.add(item);
  });
  for (const [step, place] of places.entries()) {
    if (step % 3 !== 1) {
      bag.remove(place);
      bag.remove(place);
      assert.equal(place.item, undefined);
      expected.delete(step);
    }
  }
  assert.deepEqual(new Set(bag.places().map(({ item }) => item)), expected);
  assert.equal(bag.size, expected.size);
  for (const place of places) {
    bag.remove(place);
  }
  assert.equal(bag.size, 0);
});
