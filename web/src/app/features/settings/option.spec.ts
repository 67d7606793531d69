import { faultOf, kindOf, sectionOf } from "./option";

describe("settings", () => {
  it("edits each value in the control that suits it", () => {
    expect(kindOf({ key: "RegisterEnabled", value: "true" })).toBe("switch");
    expect(kindOf({ key: "RetryTimes", value: "3" })).toBe("number");
    expect(kindOf({ key: "ModelRatio", value: '{"a":1}' })).toBe("json");
    expect(kindOf({ key: "SMTPToken", value: "" })).toBe("secret");
    expect(kindOf({ key: "SystemName", value: "One API" })).toBe("text");
  });

  it("puts every setting into exactly one section", () => {
    expect(sectionOf("ModelRatio")).toBe("settings.section.pricing");
    expect(sectionOf("Logo")).toBe("settings.section.general");
    expect(sectionOf("LogConsumeEnabled")).toBe("settings.section.logs");
  });

  it("never lets a broken number or document be saved", () => {
    expect(faultOf("number", "3x", "3")).toBe("error.number");
    expect(faultOf("json", "{", "{}")).toBe("error.json");
    expect(faultOf("json", "hello", "plain")).toBeUndefined();
  });
});
