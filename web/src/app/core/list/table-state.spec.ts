import {
  type TableDefaults,
  type TableState,
  changeTableState,
  parseTableState,
  tableQueryParams,
  tableWireQuery,
  toggleSort,
} from "./table-state";

const defaults: TableDefaults = {
  size: 50,
  sort: "id",
  direction: "desc",
  filters: ["status", "group"],
};

function parse(query: string): TableState {
  const params = new URLSearchParams(query);
  return parseTableState((name) => params.get(name), defaults);
}

function spell(state: TableState): string {
  const entries = Object.entries(tableQueryParams(state, defaults));
  return new URLSearchParams(
    entries.flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  ).toString();
}

describe("table state in the URL", () => {
  it("comes back exactly from its own spelling", () => {
    const query = "page=4&size=100&sort=balance&dir=asc&q=eu&id=12&status=3&group=vip";
    expect(spell(parse(query))).toBe(query);
  });

  it("leaves defaults out", () => {
    expect(spell(parse(""))).toBe("");
    expect(spell(parse("page=1&size=50&sort=id&dir=desc"))).toBe("");
  });

  it("falls back to defaults on nonsense and ignores foreign filters", () => {
    expect(parse("page=-3&size=7&dir=up&other=1")).toEqual(parse(""));
    expect(parse("page=1e99").page).toBe(0);
  });

  it("is zero-based on the wire, one-based in the URL", () => {
    expect(tableWireQuery(parse("page=2&status=3&q=%20eu%20"))).toEqual({
      p: 1,
      page_size: 50,
      sort: "id",
      direction: "desc",
      keyword: "eu",
      status: "3",
    });
  });
});

describe("changes of a table", () => {
  it("go back to the first page when the rows change", () => {
    const state = parse("page=4");
    expect(changeTableState(state, { keyword: "x" }).page).toBe(0);
    expect(changeTableState(state, { size: 100 }).page).toBe(0);
  });

  it("keep the page, the sort and the filters when a row is opened and closed", () => {
    const state = parse("page=4&sort=name&dir=asc&status=3");
    const opened = changeTableState(state, { open: "9" });
    expect(changeTableState(opened, { open: "" })).toEqual(state);
  });

  it("sort by the biggest first, then by the smallest", () => {
    const first = changeTableState(parse(""), toggleSort(parse(""), "balance"));
    expect(first).toMatchObject({ sort: "balance", direction: "desc" });
    expect(toggleSort(first, "balance")).toEqual({ direction: "asc" });
  });
});
