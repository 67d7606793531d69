import { Type } from "typebox";
import type { ChannelType } from "@tollgate/proto/relay/v1/probe_service";
import type { AdminContext } from "#admin-context.ts";
import type { Api } from "#http/api.ts";
import { success, successOf } from "#http/envelope.ts";

const tags = ["channel"];
const text = Type.String();

const typeSchema = Type.Object({
  id: Type.Integer(),
  name: text,
  label_en: text,
  label_zh: text,
  base_url: text,
  key_format: text,
  requires_base_url: Type.Boolean(),
  config_fields: Type.Array(
    Type.Object({ name: text, label: text, required: Type.Boolean(), secret: Type.Boolean() }),
  ),
  models: Type.Array(text),
  owned_by: text,
  has_balance: Type.Boolean(),
  supported: Type.Boolean({ description: "Calls of this type can be relayed." }),
});

// The fixed values of One API's catalogue.
const modelCreatedAt = 1_626_777_600;

const catalogueEntrySchema = Type.Object({
  id: text,
  object: Type.Literal("model"),
  created: Type.Integer(),
  owned_by: text,
  root: text,
  parent: Type.Null(),
});

const catalogueSchema = Type.Object({
  object: Type.Literal("list"),
  data: Type.Array(catalogueEntrySchema),
});

/** What kinds of channels there are and which models they are known to have. */
export function registerChannelCatalogueRoutes(api: Api, { channelTypes }: AdminContext): void {
  api.get(
    "/channel/types",
    {
      config: { access: "admin" },
      schema: {
        tags,
        summary: "Channel types",
        response: { 200: successOf(Type.Array(typeSchema)) },
      },
    },
    async () => success((await channelTypes.list()).map(typeToWire)),
  );
  api.get(
    "/channel/models",
    {
      config: { access: "admin" },
      schema: {
        tags,
        summary: "Known models, as a list in OpenAI's form",
        response: { 200: catalogueSchema },
      },
    },
    async () => ({
      object: "list" as const,
      data: listModels(await channelTypes.list()),
    }),
  );
}

function typeToWire(type: ChannelType) {
  return {
    id: type.id,
    name: type.name,
    label_en: type.labelEn,
    label_zh: type.labelZh,
    base_url: type.baseUrl,
    key_format: type.keyFormat,
    requires_base_url: type.requiresBaseUrl,
    config_fields: type.configFields.map(({ name, label, required, secret }) => ({
      name,
      label,
      required,
      secret,
    })),
    models: type.models,
    owned_by: type.ownedBy,
    has_balance: type.hasBalance,
    supported: type.supported,
  };
}

/** A name that several types have is listed once, under the first. */
function listModels(types: readonly ChannelType[]) {
  const owners = new Map<string, string>();
  for (const { models, ownedBy } of types) {
    for (const model of models) {
      if (!owners.has(model)) {
        owners.set(model, ownedBy);
      }
    }
  }
  return [...owners].map(([id, ownedBy]) => ({
    id,
    object: "model" as const,
    created: modelCreatedAt,
    owned_by: ownedBy,
    root: id,
    parent: null,
  }));
}
