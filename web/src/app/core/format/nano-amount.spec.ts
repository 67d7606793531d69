import { parseNano, plainDollars, toNanos } from "./nano-amount";

describe("amounts to the last nano-dollar", () => {
  it("are read exactly as typed", () => {
    expect(parseNano("0.000000001")).toBe(1n);
    expect(parseNano(" $1,234.5 ")).toBe(1_234_500_000_000n);
    expect(parseNano("007")).toBe(7_000_000_000n);
    for (const wrong of ["", "-1", "1.", ".5", "1e3", "0.0000000001", "1000000000"]) {
      expect(parseNano(wrong)).toBeUndefined();
    }
  });

  it("are written so that they can be read again", () => {
    for (const nanos of [1n, 1875n, 12_500_000_000n, 999_999_999_999_999_999n]) {
      expect(parseNano(plainDollars(nanos))).toBe(nanos);
    }
    expect(plainDollars(12_500_000_000n)).toBe("12.50");
  });

  it("come from the wire as digits", () => {
    expect(toNanos("-70")).toBe(-70n);
    expect(toNanos(undefined)).toBe(0n);
    expect(toNanos("")).toBe(0n);
  });
});
