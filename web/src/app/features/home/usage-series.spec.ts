import { type UsagePoint, bucketsOf, byModel, highest, overTime } from "./usage-series";

function point(change: Partial<UsagePoint>): UsagePoint {
  return {
    t: 0,
    model: "a",
    requests: 1,
    errors: 0,
    quota: 10,
    prompt_tokens: 2,
    completion_tokens: 3,
    cached_tokens: 0,
    ...change,
  };
}

describe("usage series", () => {
  it("has a bucket for every step of the window, also the empty ones", () => {
    const buckets = bucketsOf({ bucket_seconds: 3_600, points: [] }, "24h", 90_001);
    expect(buckets).toHaveLength(24);
    expect(buckets.at(-1)).toBe(90_000);
  });

  it("keeps the six biggest models apart and loses nothing of the others", () => {
    const points = Array.from({ length: 9 }, (_, index) =>
      point({ t: 3_600, model: `m${index}`, quota: index + 1 }),
    );
    const series = byModel(points, [0, 3_600], "quota");
    expect(series.map((entry) => entry.model)).toEqual(["m8", "m7", "m6", "m5", "m4", "m3", ""]);
    expect(series.reduce((total, entry) => total + entry.total, 0)).toBe(45);
  });

  it("adds all models of a bucket together", () => {
    const values = overTime([point({}), point({ model: "b" })], [0, 60], (each) => each.quota);
    expect(values).toEqual([20, 0]);
  });

  it("shows a week in bars of six hours, however finely the server counts", () => {
    const buckets = bucketsOf({ bucket_seconds: 3_600, points: [] }, "7d", 604_800);
    expect(buckets).toHaveLength(28);
    expect((buckets[1] ?? 0) - (buckets[0] ?? 0)).toBe(21_600);
  });

  it("knows the highest stack of all models together", () => {
    const series = byModel([point({}), point({ model: "b", t: 60 })], [0, 60], "quota");
    expect(highest(series)).toBe(10);
    expect(highest([])).toBe(0);
  });
});
