import { NO_RATIOS, cheapestModel, readRatios } from "./cheapest-model";

const models = ["gpt-4o", "o1-mini", "gpt-4o-mini", "unpriced-mini"];
const ratios = readRatios([
  { key: "ModelRatio", value: '{"gpt-4o": 1.25, "o1-mini": 1.5, "gpt-4o-mini": 0.075}' },
  { key: "CompletionRatio", value: '{"gpt-4o": 4, "gpt-4o-mini": 4}' },
]);

describe("cheapestModel", () => {
  it("goes by the price and not by the name", () => {
    expect(cheapestModel(models, ratios)).toBe("gpt-4o-mini");
    expect(cheapestModel(["o1-mini", "gpt-4o"], ratios)).toBe("o1-mini");
  });

  it("counts the output, too", () => {
    const value = '{"a": 1, "b": 1.2}';
    const dear = readRatios([
      { key: "ModelRatio", value },
      { key: "CompletionRatio", value: '{"a": 8}' },
    ]);
    expect(cheapestModel(["a", "b"], dear)).toBe("b");
  });

  it("goes by the name where no model has a price", () => {
    expect(cheapestModel(models, NO_RATIOS)).toBe("o1-mini");
    expect(cheapestModel(["big"], readRatios([{ key: "ModelRatio", value: "broken" }]))).toBe(
      "big",
    );
    expect(cheapestModel([], NO_RATIOS)).toBe("");
  });
});
