import models from "#providers/channel-models.json" with { type: "json" };
import { nativeType } from "#providers/native-type.ts";
import { createOpenAiProvider } from "#providers/openai/index.ts";

/** Channels of the built-in upstream, which speaks OpenAI's dialect. */
export const demoType = nativeType({
  id: 1000,
  name: "demo",
  labelEn: "Demo (built in, answers by itself)",
  labelZh: "演示（内置，无需上游）",
  provider: createOpenAiProvider({ name: "demo", endpoint: { modelsPath: "/v1/models" } }),
  baseUrl: "demo:",
  keyFormat: "any text",
  models: models.demo,
  ownedBy: "tollgate",
});
