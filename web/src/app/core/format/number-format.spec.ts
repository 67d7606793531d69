import {
  axisDecimals,
  formatCompact,
  formatDuration,
  formatInteger,
  formatMoney,
  formatMoneyCompact,
  formatMoneyFixed,
  formatNano,
  formatPercent,
  formatPricePerMillion,
  parseMoney,
  quotaToMicros,
  tokensPerSecond,
} from "./number-format";

const PER_UNIT = 500_000;

describe("money", () => {
  it("has equal decimals along an axis, as many as its top needs", () => {
    expect(axisDecimals(3 * PER_UNIT, PER_UNIT)).toBe(2);
    expect(axisDecimals(40 * PER_UNIT, PER_UNIT)).toBe(0);
    expect(axisDecimals(PER_UNIT / 100, PER_UNIT)).toBe(4);
    expect(axisDecimals(5_000 * PER_UNIT, PER_UNIT)).toBeUndefined();
    expect(formatMoneyFixed(40 * PER_UNIT, PER_UNIT, 0)).toBe("$40");
  });

  it("has two decimals from one dollar, four below, six below a cent", () => {
    expect(formatMoney(617_250_000, PER_UNIT)).toBe("$1,234.50");
    expect(formatMoney(21_050, PER_UNIT)).toBe("$0.0421");
    expect(formatMoney(2, PER_UNIT)).toBe("$0.000004");
    expect(formatMoney(0, PER_UNIT)).toBe("$0.00");
  });

  it("never shows something as nothing", () => {
    expect(formatMoney(1, 5_000_000)).toBe("<$0.000001");
    expect(formatMoney(-1, 5_000_000)).toBe(">-$0.000001");
    expect(formatMoneyFixed(2_499, PER_UNIT, 2)).toBe("<$0.01");
    expect(formatMoneyFixed(2_500, PER_UNIT, 2)).toBe("$0.01");
    expect(formatMoneyFixed(-2_499, PER_UNIT, 2)).toBe(">-$0.01");
    expect(formatMoneyFixed(1, 5_000_000, 6)).toBe("<$0.000001");
    expect(formatMoneyFixed(0, PER_UNIT, 2)).toBe("$0.00");
  });

  it("keeps the sign of a deduction", () => {
    expect(formatMoney(-5_000_000, PER_UNIT)).toBe("-$10.00");
  });

  it("is exact for the largest balances, also beyond 2^53", () => {
    expect(formatMoney(500_000_000_000_000, PER_UNIT)).toBe("$1,000,000,000.00");
    expect(formatMoney(9_007_199_254_740_993n * 500_000n, PER_UNIT)).toBe(
      "$9,007,199,254,740,993.00",
    );
    expect(quotaToMicros(3, PER_UNIT)).toBe(6n);
  });

  it("aligns a column by a fixed number of decimals", () => {
    expect(formatMoneyFixed(887, PER_UNIT, 6)).toBe("$0.001774");
    expect(formatMoneyFixed(5_000_000, PER_UNIT, 2)).toBe("$10.00");
  });

  it("is short on cards in both languages", () => {
    expect(formatMoneyCompact(6_150_000_000, PER_UNIT, "en")).toBe("$12.3K");
    expect(formatMoneyCompact(6_150_000_000, PER_UNIT, "zh-CN")).toBe("$1.23万");
    expect(formatMoneyCompact(1_234_567_890, PER_UNIT, "zh-CN")).toBe("$2,469.14");
  });

  it("reads back what a person types, and refuses what is not an amount", () => {
    expect(parseMoney("10.00", PER_UNIT)).toBe(5_000_000);
    expect(parseMoney(" $1,234.5 ", PER_UNIT)).toBe(617_250_000);
    expect(parseMoney("-0.000002", PER_UNIT)).toBe(-1);
    expect(parseMoney("ten", PER_UNIT)).toBeUndefined();
  });

  it("shows stored nano-dollars without losing a digit", () => {
    expect(formatNano("1774000")).toBe("$0.001774");
    expect(formatNano("1")).toBe("$0.000000001");
    expect(formatNano("10000000000")).toBe("$10.00");
    expect(formatNano("x")).toBe("–");
  });

  it("prices a million tokens from pico-dollars a token", () => {
    expect(formatPricePerMillion(150_000)).toBe("$0.15 / 1M");
    expect(formatPricePerMillion("3000000")).toBe("$3.00 / 1M");
    expect(formatPricePerMillion(12_345)).toBe("$0.012345 / 1M");
  });
});

describe("counts", () => {
  it("groups integers and shortens them by the language", () => {
    expect(formatInteger(1_204_331)).toBe("1,204,331");
    expect(formatCompact(1_204_331, "en")).toBe("1.2M");
    expect(formatCompact(1_204_331, "zh-CN")).toBe("120.4万");
  });

  it("says 100% only when nothing is missing", () => {
    expect(formatPercent(10, 10)).toBe("100%");
    expect(formatPercent(999_999, 1_000_000)).toBe("99.99%");
    expect(formatPercent(1, 3)).toBe("33.3%");
    expect(formatPercent(0, 0)).toBe("–");
  });

  it("counts the speed over the streaming part only", () => {
    expect(tokensPerSecond(87, 1_500, 500)).toBe(87);
    expect(tokensPerSecond(87, 500, 500)).toBeUndefined();
  });

  it("knows no speed of an answer that came at once", () => {
    expect(tokensPerSecond(87, 503, 500)).toBeUndefined();
  });
});

describe("durations", () => {
  it("changes its unit with its size", () => {
    expect(formatDuration(412)).toBe("412 ms");
    expect(formatDuration(3_420)).toBe("3.42 s");
    expect(formatDuration(125_000)).toBe("2 m 05 s");
    expect(formatDuration(3_720_000)).toBe("1 h 02 m");
  });

  it("never shows 60 seconds or 1000 milliseconds", () => {
    expect(formatDuration(999.9)).toBe("1.00 s");
    expect(formatDuration(59_999)).toBe("1 m 00 s");
  });
});
