import { anthropic } from "#providers/anthropic/index.ts";
import models from "#providers/channel-models.json" with { type: "json" };
import { nativeType } from "#providers/native-type.ts";

/** Channels of Anthropic's own interface. */
export const anthropicType = nativeType({
  id: 14,
  name: "anthropic",
  labelEn: "Anthropic Claude",
  labelZh: "Anthropic Claude",
  provider: anthropic,
  baseUrl: "https://api.anthropic.com",
  models: models.anthropic,
  ownedBy: "anthropic",
});
