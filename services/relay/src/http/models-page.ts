import type { KeyGrant } from "#ledgering/key-grants.ts";
import { channelTypes } from "#providers/channel-types.ts";
import type { RoutingSnapshot } from "#routing/snapshot.ts";

const created = 1_626_777_600;
const createdText = "2021-07-20T10:00:00Z";

const owners: ReadonlyMap<string, string> = new Map(
  // The first type that knows a model owns it.
  channelTypes
    .toReversed()
    .flatMap((type) => type.models.map((model) => [model, type.ownedBy] as const)),
);

/** Models that a key can call, sorted. */
export function listModels(grant: KeyGrant, snapshot: RoutingSnapshot): readonly string[] {
  const reachable = snapshot.modelsOf(grant.group);
  const { models } = grant;
  return models === undefined ? reachable : reachable.filter((model) => models.has(model));
}

/** One API's list, or Anthropic's for clients that speak it. */
export function renderModelList(models: readonly string[], isAnthropic: boolean): string {
  if (isAnthropic) {
    return JSON.stringify({
      data: models.map(anthropicEntry),
      has_more: false,
      first_id: models[0] ?? null,
      last_id: models.at(-1) ?? null,
    });
  }
  return JSON.stringify({ object: "list", data: models.map(openAiEntry) });
}

/** One model in either shape. */
export function renderModel(model: string, isAnthropic: boolean): string {
  return JSON.stringify(isAnthropic ? anthropicEntry(model) : openAiEntry(model));
}

function anthropicEntry(model: string) {
  return { type: "model", id: model, display_name: model, created_at: createdText };
}

function openAiEntry(model: string) {
  const owner = owners.get(model);
  return {
    id: model,
    object: "model",
    created,
    owned_by: owner ?? "custom",
    permission: owner === undefined ? null : [permission],
    root: model,
    parent: null,
  };
}

const permission = {
  id: "modelperm-LwHkVFn8AcMItP432fKKDIKJ",
  object: "model_permission",
  created,
  allow_create_engine: true,
  allow_sampling: true,
  allow_logprobs: true,
  allow_search_indices: false,
  allow_view: true,
  allow_fine_tuning: false,
  organization: "*",
  group: null,
  is_blocking: false,
};
