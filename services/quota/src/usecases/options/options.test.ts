import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { isQuotaFault } from "#domain/faults.ts";
import { openIdentityFixture } from "#testing/identity-fixture.ts";
import type { IdentityFixture } from "#testing/identity-fixture.ts";

describe("options", () => {
  let fixture: IdentityFixture;
  let useCases: IdentityFixture["useCases"];

  before(async () => {
    fixture = await openIdentityFixture();
    useCases = fixture.useCases;
  });

  after(async () => fixture.close());

  const set = async (key: string, value: string): Promise<unknown> =>
    useCases.setOption({ key, value, actorId: 1 });

  it("start at One API's defaults", () => {
    const values = useCases.options.all();
    assert.equal(values.PreConsumedQuota, "500");
    assert.equal(values.QuotaRemindThreshold, "1000");
    assert.equal(values.QuotaPerUnit, "500000");
    assert.equal(values.DisplayInCurrencyEnabled, "true");
    assert.equal(values.ApproximateTokenEnabled, "false");
    assert.equal(values.UnknownModelPolicy, "default-ratio");
    const ratios: unknown = JSON.parse(values.GroupRatio);
    assert.ok(typeof ratios === "object" && ratios !== null && "default" in ratios);
  });

  it("a bad value is refused and nothing is stored or published", async () => {
    const before = useCases.options.all();
    const published = fixture.published.length;
    for (const [key, value] of [
      ["GroupRatio", "{"],
      ["GroupRatio", "[1]"],
      ["GroupRatio", '{"default": -1}'],
      ["GroupRatio", '{"default": "1"}'],
      ["GroupRatio", '{"a,b": 1}'],
      ["ModelRatio", '{"gpt-4o": 1e999}'],
      ["ModelRatio", '{"": 1}'],
      ["UnknownModelPolicy", "maybe"],
      ["QuotaForNewUser", "-1"],
      ["QuotaForNewUser", "1.5"],
      ["QuotaPerUnit", "0"],
      ["LogConsumeEnabled", "yes"],
    ] as const) {
      await assert.rejects(set(key, value), (error) => isQuotaFault("OPTION_INVALID", error));
    }
    await assert.rejects(set("SystemName", "x"), (error) => isQuotaFault("OPTION_UNKNOWN", error));
    assert.deepEqual(useCases.options.all(), before);
    assert.equal(fixture.published.length, published);
    assert.deepEqual(await fixture.database.query("select * from options"), []);
  });

  it("a change of prices publishes a book of all pricing options, other changes none", async () => {
    await set("GroupRatio", '{"default": 1, "vip": 0.8}');
    await set("UnknownModelPolicy", "refuse");
    await set("QuotaForNewUser", "100");
    assert.equal(fixture.published.length, 2);
    const book = fixture.published.at(-1);
    assert.equal(book?.GroupRatio, '{"default": 1, "vip": 0.8}');
    assert.equal(book?.UnknownModelPolicy, "refuse");
    assert.equal(book?.ModelRatio, useCases.options.all().ModelRatio);
  });

  it("another replica sees a change within two seconds", async () => {
    const other = await fixture.openAgain();
    const seen: string[] = [];
    other.options.onChange((values) => seen.push(values.QuotaForInviter));
    await set("QuotaForInviter", "77");
    await fixture.clock.advance(2000);
    while (seen.length === 0) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    assert.deepEqual(seen, ["77"]);
    assert.equal(other.options.amount("QuotaForInviter"), 154_000n);
    other.close();
  });

  it("a book that cannot be published leaves the option as it was", async () => {
    const before = useCases.options.all().ModelRatio;
    fixture.refusePublishing();
    await assert.rejects(set("ModelRatio", "{}"), /refused to publish/u);
    assert.equal(useCases.options.all().ModelRatio, before);
    const rows = await fixture.database.query("select * from options where option_key = ?", [
      "ModelRatio",
    ]);
    assert.deepEqual(rows, []);
  });
});
