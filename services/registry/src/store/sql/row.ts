import type { SqlRow, SqlValue } from "@tollgate/kit/sql/sql-session";
import { bigintColumn, integerColumn, textColumn } from "@tollgate/kit/sql/column-value";
import { z } from "zod";
import { keyHintOf } from "#domain/channel.ts";
import type { Channel, ChannelSettings, ChannelStatus, RoutedChannel } from "#domain/channel.ts";
import type { CredentialSeal } from "./credential-seal.ts";

const statusNumbers = { enabled: 1, disabled: 2, "auto-disabled": 3 } as const satisfies Readonly<
  Record<ChannelStatus, number>
>;

const namesSchema = z.array(z.string());
const pairsSchema = z.record(z.string(), z.string());

/** The columns that operators set, in the order of {@link settingsToRow}. */
export const settingsColumns = [
  "type",
  "status",
  "name",
  "weight",
  "priority",
  "base_url",
  "models",
  "group_names",
  "model_mapping",
  "sealed_config",
  "system_prompt",
  "other",
] as const;

/** The columns of the credential, in the order of {@link credentialToRow}. */
export const credentialColumns = [
  "sealed_credential",
  "credential_fingerprint",
  "key_hint",
] as const;

/** A status as it is stored: One API's number. */
export function statusToRow(status: ChannelStatus): number {
  return statusNumbers[status];
}

/** The values of {@link settingsColumns}. */
export function settingsToRow(
  id: number,
  settings: ChannelSettings,
  seal: CredentialSeal,
): readonly SqlValue[] {
  return [
    settings.type,
    statusNumbers[settings.status],
    settings.name,
    settings.weight,
    settings.priority,
    settings.baseUrl,
    JSON.stringify(settings.models),
    JSON.stringify(settings.groups),
    JSON.stringify(settings.modelMapping),
    seal.sealConfig(id, JSON.stringify(settings.config)),
    settings.systemPrompt,
    settings.other,
  ];
}

/** The values of {@link credentialColumns}. */
export function credentialToRow(
  id: number,
  credential: string,
  seal: CredentialSeal,
): readonly SqlValue[] {
  return [seal.sealCredential(id, credential), seal.fingerprint(credential), keyHintOf(credential)];
}

/** A channel as operators see it, settings that are secret included. */
export function channelFromRow(row: SqlRow, seal: CredentialSeal): Channel {
  return {
    ...settingsFromRow(row, seal),
    id: integerColumn(row["id"]),
    statusReason: textColumn(row["status_reason"]),
    keyHint: textColumn(row["key_hint"]),
    createdAtSeconds: integerColumn(row["created_at"]),
    responseTimeMs: integerColumn(row["response_time_ms"]),
    testedAtSeconds: integerColumn(row["test_time"]),
    balanceNanos: bigintColumn(row["balance_nanos"]),
    balanceUpdatedAtSeconds: integerColumn(row["balance_updated_at"]),
    usedNanos: bigintColumn(row["used_nanos"]),
  };
}

/** A channel as relays get it. */
export function routedChannelFromRow(row: SqlRow, seal: CredentialSeal): RoutedChannel {
  const id = integerColumn(row["id"]);
  const sealed = textColumn(row["sealed_credential"]);
  return { ...settingsFromRow(row, seal), id, credential: seal.openCredential(id, sealed) };
}

/** What an operator set. */
export function settingsFromRow(row: SqlRow, seal: CredentialSeal): ChannelSettings {
  const id = integerColumn(row["id"]);
  return {
    type: integerColumn(row["type"]),
    status: statusFromRow(integerColumn(row["status"])),
    name: textColumn(row["name"]),
    weight: integerColumn(row["weight"]),
    priority: bigintColumn(row["priority"]),
    baseUrl: textColumn(row["base_url"]),
    models: namesSchema.parse(JSON.parse(textColumn(row["models"]))),
    groups: namesSchema.parse(JSON.parse(textColumn(row["group_names"]))),
    modelMapping: pairsSchema.parse(JSON.parse(textColumn(row["model_mapping"]))),
    config: pairsSchema.parse(JSON.parse(seal.openConfig(id, textColumn(row["sealed_config"])))),
    systemPrompt: textColumn(row["system_prompt"]),
    other: textColumn(row["other"]),
  };
}

function statusFromRow(status: number): ChannelStatus {
  switch (status) {
    case 1:
      return "enabled";
    case 3:
      return "auto-disabled";
    default:
      // One API's 0, "unknown", is never chosen either.
      return "disabled";
  }
}
