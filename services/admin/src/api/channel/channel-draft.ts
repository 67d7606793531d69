/** Reads channels as One API's clients send them: lists as texts with commas, maps as JSON texts. */
import { type Static, Type } from "typebox";
import { ChannelStatus } from "@tollgate/proto/registry/v1/channel_service";
import { adminFaults } from "#faults.ts";
import { readCommaList } from "#http/comma-list.ts";
import { presentFields } from "#rpc/present-fields.ts";

const contentLengthMax = 1_000_000;
const text = Type.Optional(Type.String({ maxLength: contentLengthMax }));
const map = Type.Optional(
  Type.Union([
    Type.String({ maxLength: contentLengthMax }),
    Type.Record(Type.String(), Type.Unknown()),
  ]),
);

/** What a client may set of a channel. Unknown and read-only fields are ignored, as in One API. */
export const channelFields = {
  type: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
  key: Type.Optional(
    Type.String({
      maxLength: 4_000_000,
      description: "Credential; when creating, one channel for each line. Blank keeps it.",
    }),
  ),
  status: Type.Optional(Type.Integer({ minimum: 0, maximum: 3 })),
  name: text,
  weight: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
  priority: Type.Optional(
    Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }),
  ),
  base_url: text,
  other: text,
  models: text,
  group: text,
  model_mapping: map,
  config: map,
  system_prompt: text,
};

const channelBodySchema = Type.Object(channelFields);

/** A channel as a client sends it. */
export type ChannelBody = Static<typeof channelBodySchema>;

/**
 * The fields that are set. As in One API, a blank name, key, list of models, group or config means "leave alone", while a
 * blank base URL, mapping, system prompt or `other` empties it; type and status 0 and the automatic status 3 mean nothing.
 */
export function readChannelDraft(body: ChannelBody) {
  return presentFields({
    type: body.type || undefined,
    status: readStatus(body.status),
    name: body.name || undefined,
    weight: body.weight,
    priority: body.priority === undefined ? undefined : BigInt(body.priority),
    baseUrl: body.base_url,
    models: readNames(body.models),
    groups: readNames(body.group),
    modelMapping: readMap(body.model_mapping, "model_mapping"),
    config: isBlank(body.config) ? undefined : readMap(body.config, "config"),
    systemPrompt: body.system_prompt,
    other: body.other,
    credential: body.key || undefined,
  });
}

/** The settings of a type, for channels that are not saved. */
export function readConfigMap(value: ChannelBody["config"]): Record<string, string> {
  return readMap(value, "config")?.values ?? {};
}

function readStatus(status: number | undefined): ChannelStatus | undefined {
  switch (status) {
    case ChannelStatus.ENABLED:
      return ChannelStatus.ENABLED;
    case ChannelStatus.DISABLED:
      return ChannelStatus.DISABLED;
    default:
      return undefined;
  }
}

function readNames(list: string | undefined): { values: string[] } | undefined {
  return isBlank(list) ? undefined : { values: readCommaList(list) };
}

function isBlank(value: unknown): value is "" | undefined {
  return value === undefined || value === "";
}

function readMap(
  value: ChannelBody["config"],
  field: string,
): { values: Record<string, string> } | undefined {
  if (value === undefined) {
    return undefined;
  }
  const parsed = typeof value === "string" ? parseJson(value || "{}") : value;
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw adminFaults.fault("PARAMETER_INVALID", { sentence: `${field} must be a JSON object.` });
  }
  const values: Record<string, string> = {};
  for (const [name, entry] of Object.entries(parsed)) {
    values[name] = readEntry(entry, `${field}.${name}`);
  }
  return { values };
}

function readEntry(entry: unknown, field: string): string {
  switch (typeof entry) {
    case "string":
      return entry;
    case "number":
    case "boolean":
      return String(entry);
    default:
      throw adminFaults.fault("PARAMETER_INVALID", { sentence: `${field} must be a text.` });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The caller says which field is not an object.
    return undefined;
  }
}
