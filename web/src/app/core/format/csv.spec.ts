import { toCsv } from "./csv";

describe("a CSV file", () => {
  it("quotes what would break it and defuses formulas", () => {
    const rows = [
      ["name", "code"],
      ['a "b", c', "x\ny"],
      ["=1+1", "@x"],
    ];
    expect(toCsv(rows)).toBe('name,code\r\n"a ""b"", c","x\ny"\r\n\'=1+1,\'@x\r\n');
  });
});
