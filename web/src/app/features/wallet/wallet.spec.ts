import { codesIn, shopAddress } from "./wallet";

describe("codes in a pasted text", () => {
  it("are found whatever stands between them, each once", () => {
    expect(codesIn("  a1\nb2, c3;a1\t")).toEqual(["a1", "b2", "c3"]);
    expect(codesIn(" \n ")).toEqual([]);
  });
});

describe("the shop's address", () => {
  const buyer = { id: 7, username: "ann & co" };

  it("tells the shop who buys and keeps what was there", () => {
    const address = shopAddress("https://shop.example/buy?lang=en", buyer, "t-1") ?? "";
    const query = new URL(address).searchParams;
    expect(Object.fromEntries(query)).toEqual({
      lang: "en",
      username: "ann & co",
      user_id: "7",
      transaction_id: "t-1",
    });
  });

  it("is none for anything but a web address", () => {
    expect(shopAddress("", buyer, "t")).toBeUndefined();
    expect(shopAddress("javascript:alert(1)", buyer, "t")).toBeUndefined();
  });
});
