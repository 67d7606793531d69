import { type Static, Type } from "typebox";
import type { Channel } from "@tollgate/proto/registry/v1/channel_service";
import { toDollars, toQuotaUnits, toSafeNumber } from "#http/wire-number.ts";

/** A channel as One API shows it, without its credential, and with this service's additions. */
export const channelSchema = Type.Object({
  id: Type.Integer(),
  type: Type.Integer(),
  key: Type.Literal("", { description: "Always empty: credentials are write-only." }),
  key_hint: Type.String({ description: "Last four characters of the credential." }),
  status: Type.Integer({ description: "1 enabled, 2 switched off, 3 switched off automatically." }),
  status_reason: Type.String(),
  name: Type.String(),
  weight: Type.Integer(),
  priority: Type.Integer(),
  created_time: Type.Integer(),
  test_time: Type.Integer({ description: "Seconds since 1970, 0 = never." }),
  response_time: Type.Integer({ description: "Milliseconds of the last test." }),
  base_url: Type.String(),
  other: Type.String(),
  balance: Type.Number({ description: "Of the upstream account, in its currency." }),
  balance_updated_time: Type.Integer(),
  models: Type.String({ description: "Separated by commas." }),
  group: Type.String({ description: "Groups separated by commas." }),
  used_quota: Type.Integer(),
  model_mapping: Type.String({ description: "JSON object, or empty." }),
  config: Type.String({ description: "JSON object." }),
  system_prompt: Type.String(),
  cooling_until: Type.Integer({ description: "Seconds since 1970, 0 = it is not cooling down." }),
  requests_1h: Type.Integer(),
  success_1h: Type.Integer(),
});

/** A channel in One API's JSON. */
export type ChannelWire = Static<typeof channelSchema>;

/** The channel in One API's JSON. */
export function channelToWire(channel: Channel): ChannelWire {
  return {
    id: toSafeNumber(channel.id),
    type: channel.type,
    key: "",
    key_hint: channel.keyHint,
    status: channel.status,
    status_reason: channel.statusReason,
    name: channel.name,
    weight: channel.weight,
    priority: toSafeNumber(channel.priority),
    created_time: toSafeNumber(channel.createdAt),
    test_time: toSafeNumber(channel.testTime),
    response_time: channel.responseTimeMs,
    base_url: channel.baseUrl,
    other: channel.other,
    balance: toDollars(channel.balanceNanos),
    balance_updated_time: toSafeNumber(channel.balanceUpdatedAt),
    models: channel.models.join(","),
    group: channel.groups.join(","),
    used_quota: toQuotaUnits(channel.usedNanos),
    model_mapping: mapToText(channel.modelMapping),
    config: mapToText(channel.config),
    system_prompt: channel.systemPrompt,
    cooling_until: toSafeNumber(channel.coolingUntil),
    requests_1h: channel.requests1h,
    success_1h: channel.successes1h,
  };
}

function mapToText(map: Readonly<Record<string, string>>): string {
  return Object.keys(map).length === 0 ? "" : JSON.stringify(map);
}
