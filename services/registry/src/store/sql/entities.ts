import { Type, defineEntity, p } from "@mikro-orm/core";
import type { Platform } from "@mikro-orm/core";
import { int64Column, moneyColumn } from "@tollgate/kit/sql/money-type";

/** A text of up to 16 MiB; MySQL's plain text ends at 64 KiB. */
class LongTextType extends Type<string, string> {
  override getColumnType(_property: unknown, platform: Platform): string {
    const isMysql = /^(?:MySql|MariaDb)/u.test(platform.constructor.name);
    return isMysql ? "mediumtext" : "text";
  }
}

const longText = () => p.type(LongTextType).$type<string>();

/** One channel. Lists and maps are JSON; credential and config are sealed. */
const registryChannel = defineEntity({
  name: "RegistryChannel",
  tableName: "registry_channels",
  indexes: [
    { name: "registry_channels_version", properties: ["routedVersion"] },
    { name: "registry_channels_status", properties: ["status"] },
    { name: "registry_channels_fingerprint", properties: ["credentialFingerprint"] },
  ],
  properties: {
    id: p.integer().primary().autoincrement(false),
    type: p.integer(),
    status: p.integer(),
    statusReason: p.string().length(400).name("status_reason"),
    name: p.string().length(80),
    weight: p.integer(),
    priority: int64Column(),
    baseUrl: p.string().length(500).name("base_url"),
    models: longText(),
    groupNames: longText().name("group_names"),
    modelMapping: longText().name("model_mapping"),
    sealedConfig: longText().name("sealed_config"),
    systemPrompt: longText().name("system_prompt"),
    other: p.string().length(1000),
    sealedCredential: longText().name("sealed_credential"),
    credentialFingerprint: p.string().length(64).name("credential_fingerprint"),
    keyHint: p.string().length(8).name("key_hint"),
    createdAt: int64Column().name("created_at"),
    responseTimeMs: p.integer().name("response_time_ms"),
    testTime: int64Column().name("test_time"),
    balanceNanos: moneyColumn().name("balance_nanos"),
    balanceUpdatedAt: int64Column().name("balance_updated_at"),
    usedNanos: moneyColumn().name("used_nanos"),
    routedVersion: int64Column().name("routed_version"),
  },
});

/** Group times model of one channel: what lists are filtered by. */
const registryAbility = defineEntity({
  name: "RegistryAbility",
  tableName: "registry_abilities",
  indexes: [{ name: "registry_abilities_model", properties: ["model", "groupName"] }],
  properties: {
    channelId: p.integer().primary().autoincrement(false).name("channel_id"),
    groupName: p.string().length(64).primary().name("group_name"),
    model: p.string().length(200).primary(),
  },
});

/** An option that differs from its default. */
const registryOption = defineEntity({
  name: "RegistryOption",
  tableName: "registry_options",
  properties: {
    optionKey: p.string().length(64).primary().name("option_key"),
    optionValue: p.string().length(200).name("option_value"),
  },
});

/** A channel that is gone, and the version that took it away. Ids are never used twice. */
const registryRemoval = defineEntity({
  name: "RegistryRemoval",
  tableName: "registry_removals",
  indexes: [{ name: "registry_removals_version", properties: ["routedVersion"] }],
  properties: {
    channelId: p.integer().primary().autoincrement(false).name("channel_id"),
    routedVersion: int64Column().name("routed_version"),
  },
});

/** One row: the counters, and the lock that orders all changes. */
const registryState = defineEntity({
  name: "RegistryState",
  tableName: "registry_state",
  properties: {
    id: p.integer().primary().autoincrement(false),
    version: int64Column(),
    lastChannelId: p.integer().name("last_channel_id"),
  },
});

/** Every table of this service. */
export const registryEntities = [
  registryChannel,
  registryAbility,
  registryOption,
  registryRemoval,
  registryState,
] as const;
