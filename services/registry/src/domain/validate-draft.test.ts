import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ChannelDraft } from "./channel.ts";
import { limits } from "./limits.ts";
import { tidyDraft, validateCredentials, validateDraft } from "./validate-draft.ts";

const many = (count: number, name: string): string[] =>
  Array.from({ length: count }, (_, index) => `${name}${index}`);

describe("validating a draft", () => {
  it("accepts a draft at every limit", () => {
    const draft: ChannelDraft = {
      type: 1,
      name: "名".repeat(limits.nameCharacters),
      weight: limits.weightMax,
      baseUrl: "http://localhost:11434",
      models: many(limits.models, "m"),
      groups: many(10, "g"),
      modelMapping: { a: "b" },
      systemPrompt: "x".repeat(limits.systemPromptBytes),
    };
    assert.deepEqual(validateDraft(draft), []);
  });

  it("has one sentence for each field beyond its limit", () => {
    const wrong: readonly (readonly [string, ChannelDraft])[] = [
      ["type", { type: 0 }],
      ["status", { status: "auto-disabled" }],
      ["name", { name: "x".repeat(limits.nameCharacters + 1) }],
      ["name", { name: "a\u0000b" }],
      ["weight", { weight: limits.weightMax + 1 }],
      ["priority", { priority: 2n ** 63n }],
      ["base_url", { baseUrl: "file:///etc/passwd" }],
      ["models", { models: ["a,b"] }],
      ["models", { models: many(limits.models + 1, "m") }],
      ["groups", { groups: [] }],
      ["groups", { groups: many(11, "g"), models: many(limits.models, "m") }],
      ["model_mapping", { modelMapping: { a: "" } }],
      ["config", { config: { "": "x" } }],
      ["system_prompt", { systemPrompt: "x".repeat(limits.systemPromptBytes + 1) }],
    ];
    for (const [field, draft] of wrong) {
      const violations = validateDraft(draft);
      assert.deepEqual(
        violations.map((violation) => violation.field),
        [field],
      );
      assert.match(violations[0]?.sentence ?? "", /^[A-Z].*\.$/u);
    }
  });

  it("never repeats a credential in what it says about it", () => {
    const secret = `sk-secret\u0007${"x".repeat(10)}`;
    const violations = validateCredentials([secret, "x".repeat(limits.credentialBytes + 1)]);
    assert.equal(violations.length, 1);
    assert.ok(!JSON.stringify(violations).includes("sk-secret"));
    assert.equal(validateCredentials(many(limits.credentialLines + 1, "k")).length, 1);
  });

  it("tidies names: trimmed, none empty, none twice", () => {
    assert.deepEqual(tidyDraft({ models: [" a", "a ", "", "b"], name: " n " }), {
      models: ["a", "b"],
      name: "n",
    });
  });
});
