import assert from "node:assert/strict";
import { test } from "node:test";
import { listPriceRows, listPrices } from "./price-list.ts";
import { parsePriceTable, priceOfTexts } from "./price-text.ts";
import type { PricePart } from "./price.ts";
import { inputParts } from "./price.ts";

test("every row of the list says where and when it was read, and names its model once", () => {
  for (const { model, source, date } of listPriceRows) {
    assert.match(date, /^20\d\d-\d\d-\d\d$/u, model);
    assert.ok(source.length > 8, model);
  }
  assert.equal(Object.keys(listPrices).length, listPriceRows.length);
});

test("every row can be read as an operator's price can", () => {
  assert.deepEqual(parsePriceTable(JSON.stringify(listPrices)), listPrices);
});

test("no row is free, none is a thousand times off, and no cached input is dearer than two inputs", () => {
  const cached: readonly PricePart[] = inputParts.filter((part) => part.startsWith("cache"));
  for (const { model, ...texts } of listPriceRows) {
    const price = priceOfTexts(texts);
    assert.ok(price.input >= 10_000n && price.input <= 200_000_000n, model);
    assert.ok(price.output <= 1_000_000_000n, model);
    assert.ok(price.output === 0n || price.output >= price.input, model);
    assert.ok(
      cached.every((part) => price[part] <= price.input * 2n),
      model,
    );
  }
});

test("long prompts cost more than short ones, in rising steps", () => {
  const tiered = listPriceRows.filter(({ tiers = [] }) => tiers.length > 0);
  assert.ok(tiered.length > 10);
  for (const { model, ...texts } of tiered) {
    let below = priceOfTexts(texts);
    for (const { price } of below.tiers) {
      assert.ok(price.input > below.input && price.output > below.output, model);
      below = price;
    }
  }
});
