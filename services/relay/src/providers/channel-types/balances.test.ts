import assert from "node:assert/strict";
import { suite, test } from "node:test";

import { channelTypeOf } from "#providers/channel-types.ts";
import { decimalText, subtractDecimals } from "#providers/decimal-text.ts";
import type { BalanceQuery } from "#providers/provider.ts";

function balanceOf(type: number): BalanceQuery {
  const balance = channelTypeOf(type)?.provider?.balance;
  assert(balance !== undefined);
  return balance;
}

const CHANNEL = { type: 1, baseUrl: "https://x.example", credential: "the key", config: {} };
const NOW_MS = Date.UTC(2026, 2, 5, 12);

suite("decimals", () => {
  test("are exact, as numbers and as texts", () => {
    assert.equal(decimalText("110.00"), "110");
    assert.equal(decimalText(" -0.10 "), "-0.1");
    assert.equal(decimalText(1e-7), "0.0000001");
    assert.equal(decimalText(1e21), "1000000000000000000000");
    assert.equal(decimalText("9007199254740993.123456789"), "9007199254740993.123456789");
    assert.equal(subtractDecimals(100, 1234.5, 2), "87.655");
    assert.equal(subtractDecimals(0.3, 0.1), "0.2");
    assert.equal(subtractDecimals("1", "2.5"), "-1.5");
  });

  test("what is no amount is none", () => {
    for (const value of ["", "x", "1,5", "1e999", Number.NaN, null, {}, "0x10", "9".repeat(40)]) {
      assert.equal(decimalText(value), undefined);
    }
  });
});

suite("balances", () => {
  const answers: readonly (readonly [type: number, body: object, amount: string])[] = [
    [4, { total_granted: 20, total_used: 7.5, total_available: 12.5 }, "12.5"],
    [5, { msg: "ok", data: { credit: "4321.5" } }, "4321.5"],
    [10, { success: true, data: { totalPoints: 88.25 } }, "88.25"],
    [12, { total_remaining: 20 }, "20"],
    [13, { total_available: 3 }, "3"],
    [20, { data: { total_credits: 25, total_usage: 4.75 } }, "20.25"],
    [25, { code: 0, data: { available_balance: 49.5 } }, "49.5"],
    [32, { object: "account", balance: 12.34 }, "12.34"],
    [
      36,
      {
        balance_infos: [
          { currency: "USD", total_balance: "1.00" },
          { currency: "CNY", total_balance: "110.00" },
        ],
      },
      "110",
    ],
    [41, { availableBalance: "123456" }, "12.3456"],
    [44, { code: 20_000, data: { totalBalance: "21.5" } }, "21.5"],
  ];
  for (const [type, body, amount] of answers) {
    test(`${channelTypeOf(type)?.name ?? ""}: the amount is read exactly, and nothing else is taken for one`, () => {
      const balance = balanceOf(type);
      assert.equal(balance.requests(CHANNEL, NOW_MS).length, 1);
      assert.equal(balance.read([body]), amount);
      for (const wrong of [undefined, "x", {}, { data: null }, { message: "no" }]) {
        assert.throws(() => balance.read([wrong]), { reason: "BALANCE_UNREADABLE" });
      }
    });
  }

  test("a dashboard is asked since the first of the month and since a hundred days", () => {
    const urls = balanceOf(1)
      .requests(CHANNEL, NOW_MS)
      .map(({ url }) => url.slice(CHANNEL.baseUrl.length));
    assert.deepEqual(urls, [
      "/v1/dashboard/billing/subscription",
      "/v1/dashboard/billing/usage?start_date=2026-03-01&end_date=2026-03-05",
      "/v1/dashboard/billing/usage?start_date=2025-11-25&end_date=2026-03-05",
    ]);
  });

  test("a dashboard's usage counts since the day that fits the account", () => {
    const read = (pays: boolean): string =>
      balanceOf(8).read([
        { has_payment_method: pays, hard_limit_usd: 100 },
        { total_usage: 1234.5 },
        { total_usage: 5000 },
      ]);
    assert.equal(read(true), "87.655");
    assert.equal(read(false), "50");
  });
});
