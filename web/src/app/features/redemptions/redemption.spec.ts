import { type Redemption, codesToCsv, csvName } from "./redemption";

const CODE: Redemption = {
  id: 7,
  name: "spring, 2026",
  key: "0123456789abcdef0123456789abcdef",
  status: 3,
  quota: 500_000,
  created_time: 1_700_000_000,
  redeemed_time: 1_700_000_100,
  expired_time: 0,
  credit_days: 0,
  batch_id: "b",
  redeemed_username: "alice",
};

describe("redemption codes as CSV", () => {
  it("have one line each, with the whole code", () => {
    const [head, line, end] = codesToCsv([CODE], () => "$1.00").split("\r\n");
    expect(head).toBe("id,name,code,amount,status,created,expires,redeemed_by");
    expect(line).toBe(`7,"spring, 2026",${CODE.key},$1.00,used,2023-11-14T22:13:20.000Z,,alice`);
    expect(end).toBe("");
  });

  it("get a file name without anything that a system refuses", () => {
    expect(csvName("春 / a:b")).toBe("春-a-b.csv");
    expect(csvName("")).toBe("codes.csv");
  });
});
