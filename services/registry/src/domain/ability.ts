import type { ChannelSettings } from "./channel.ts";

/** A channel's readiness to serve one model to one group. */
export interface Ability {
  readonly group: string;
  readonly model: string;
}

/** Every group times every model, without doubles. */
export function abilitiesOf({
  groups,
  models,
}: Pick<ChannelSettings, "groups" | "models">): Ability[] {
  const distinctModels = [...new Set(models)];
  return [...new Set(groups)].flatMap((group) => distinctModels.map((model) => ({ group, model })));
}
