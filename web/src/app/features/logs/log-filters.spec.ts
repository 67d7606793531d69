import { logWireFilters, matchesFilters, toRange } from "./log-filters";

describe("logWireFilters", () => {
  it("turns a named range into the start that it means now", () => {
    expect(logWireFilters({ range: "1h" }, 7_260)).toEqual({ start_timestamp: "3660" });
  });

  it("looks back one day unless asked otherwise, never to the beginning of time", () => {
    expect(logWireFilters({}, 200_000)).toEqual({ start_timestamp: "113580" });
    expect(toRange("nonsense")).toBe("24h");
  });

  it("leaves the start out when everything is wanted and keeps the other filters", () => {
    expect(logWireFilters({ range: "all", type: "2" }, 1)).toEqual({ type: "2" });
  });
});

describe("matchesFilters", () => {
  const row = { type: 2, model_name: "m", token_name: "t", request_id: "r", status: "ok" };

  it("lets a live row in only when every filter agrees", () => {
    expect(matchesFilters(row, { type: "2", model_name: "m" })).toBe(true);
    expect(matchesFilters(row, { type: "2", model_name: "other" })).toBe(false);
  });

  it("takes type 0 as every type, as the server does", () => {
    expect(matchesFilters(row, { type: "0" })).toBe(true);
  });

  it("counts every call that did not fail as fine, as the server does", () => {
    expect(matchesFilters({ ...row, status: "partial" }, { status: "ok" })).toBe(true);
    expect(matchesFilters({ ...row, status: "error" }, { status: "ok" })).toBe(false);
  });
});
