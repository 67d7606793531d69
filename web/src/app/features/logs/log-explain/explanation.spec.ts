import { exactDollars, factor, isPricedPerMillion, picoDollars } from "./explanation";

describe("exact amounts", () => {
  it("keep every digit, however small", () => {
    expect(exactDollars("674519.32548")).toBe("$0.00067451932548");
    expect(exactDollars("0.000000000000001")).toBe("$0.000000000000000000000001");
    expect(exactDollars("12000000000")).toBe("$12");
    expect(picoDollars("1250000")).toBe("$0.00000125");
    expect(picoDollars("0")).toBe("$0");
  });

  it("show multipliers as plain factors", () => {
    expect(factor(1_000_000)).toBe("1");
    expect(factor(333_333)).toBe("0.333333");
    expect(factor(2_500_000)).toBe("2.5");
  });

  it("tell prices of tokens per million, and those of calls and images each", () => {
    expect(isPricedPerMillion("cache_read")).toBe(true);
    expect(isPricedPerMillion("image")).toBe(false);
  });
});
