import { type CheckRun, checkLook, checksOf } from "./check";

const run: CheckRun = {
  job: "posted",
  rule: "R2",
  at: 9,
  took_ms: 4,
  checked: 2,
  violation_count: 0,
  violations: [],
  complete: true,
};

describe("the checks of the books", () => {
  it("are all there, also those that never ran, with what they found before", () => {
    const old = { ...run, at: 3, violation_count: 1, violations: ["a sentence"] };
    const rows = checksOf({ jobs: [run, { ...run, job: "new" }], alarms: [run, old] });
    expect(rows.map(({ job, at }) => `${job} ${at}`)).toEqual([
      "held 0",
      "held_all 0",
      "posted 9",
      "batches 0",
      "journals 0",
      "costs 0",
      "silence 0",
      "new 9",
    ]);
    expect(rows[2]?.alarms).toEqual([old]);
  });

  it("are told apart by one word each", () => {
    const label = (change: Partial<CheckRun>): string => checkLook({ ...run, ...change }).label;
    expect(label({})).toBe("checks.state.right");
    expect(label({ complete: false })).toBe("checks.state.partly");
    expect(label({ complete: false, violation_count: 1 })).toBe("checks.state.wrong");
    expect(label({ at: 0 })).toBe("checks.state.never");
  });
});
