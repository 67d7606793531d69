import { create } from "@bufbuild/protobuf";
import type {
  Channel as WireChannel,
  ChannelDraft as WireDraft,
} from "@tollgate/proto/registry/v1/channel_service";
import {
  ChannelSchema,
  ChannelStatus as WireStatus,
} from "@tollgate/proto/registry/v1/channel_service";
import type { RoutedChannel as WireRoutedChannel } from "@tollgate/proto/registry/v1/snapshot_service";
import { RoutedChannelSchema } from "@tollgate/proto/registry/v1/snapshot_service";
import type { Channel, ChannelDraft, ChannelStatus, RoutedChannel } from "#domain/channel.ts";
import { registryFaults } from "#domain/faults.ts";
import { hideSecretSettings } from "#domain/secret-settings.ts";
import type { ChannelHealth } from "#usecases/health-book.ts";
import type { ChannelView } from "#usecases/read-channels.ts";

/** A channel for operators: without credential, secret settings empty. */
export function channelToWire({ channel, health }: ChannelView): WireChannel {
  return create(ChannelSchema, {
    ...settingsToWire(channel),
    status: statusToWire(channel.status),
    statusReason: channel.statusReason,
    config: { ...hideSecretSettings(channel.config) },
    keyHint: channel.keyHint,
    createdAt: BigInt(channel.createdAtSeconds),
    responseTimeMs: channel.responseTimeMs,
    testTime: BigInt(channel.testedAtSeconds),
    balanceNanos: channel.balanceNanos,
    balanceUpdatedAt: BigInt(channel.balanceUpdatedAtSeconds),
    ...healthToWire(channel, health),
  });
}

/** A channel for relays, credential included. */
export function routedChannelToWire(channel: RoutedChannel): WireRoutedChannel {
  return create(RoutedChannelSchema, {
    ...settingsToWire(channel),
    enabled: channel.status === "enabled",
    weight: Math.max(channel.weight, 1),
    config: { ...channel.config },
    credential: channel.credential,
  });
}

/** What a call wants to set. Throws CHANNEL_INVALID for a missing draft or an unknown status. */
export function draftFromWire(wire: WireDraft | undefined): ChannelDraft {
  if (wire === undefined) {
    throw registryFaults.fault("CHANNEL_INVALID", { sentence: "The channel is missing." });
  }
  const { type, status, name, weight, priority, baseUrl, systemPrompt, other, credential } = wire;
  const { models, groups, modelMapping, config } = wire;
  return {
    ...(type === undefined ? {} : { type }),
    ...(status === undefined ? {} : { status: draftStatusFromWire(status) }),
    ...(name === undefined ? {} : { name }),
    ...(weight === undefined ? {} : { weight }),
    ...(priority === undefined ? {} : { priority }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(models === undefined ? {} : { models: models.values }),
    ...(groups === undefined ? {} : { groups: groups.values }),
    ...(modelMapping === undefined ? {} : { modelMapping: modelMapping.values }),
    ...(config === undefined ? {} : { config: config.values }),
    ...(systemPrompt === undefined ? {} : { systemPrompt }),
    ...(other === undefined ? {} : { other }),
    ...(credential === undefined ? {} : { credential }),
  };
}

/** The status to filter by; absent = all. Throws LIST_INVALID. */
export function filterStatusFromWire(status: WireStatus): ChannelStatus | undefined {
  switch (status) {
    case WireStatus.UNSPECIFIED:
      return undefined;
    case WireStatus.ENABLED:
      return "enabled";
    case WireStatus.DISABLED:
      return "disabled";
    case WireStatus.AUTO_DISABLED:
      return "auto-disabled";
    default:
      throw registryFaults.fault("LIST_INVALID", { sentence: "There is no such status." });
  }
}

function draftStatusFromWire(status: WireStatus): ChannelStatus {
  const known = filterStatusFromWire(status);
  if (known === undefined) {
    throw registryFaults.fault("CHANNEL_INVALID", {
      sentence: "Status must be enabled or disabled.",
    });
  }
  return known;
}

function statusToWire(status: ChannelStatus): WireStatus {
  switch (status) {
    case "enabled":
      return WireStatus.ENABLED;
    case "disabled":
      return WireStatus.DISABLED;
    case "auto-disabled":
      return WireStatus.AUTO_DISABLED;
  }
}

function settingsToWire(channel: RoutedChannel | Channel) {
  const { type, name, weight, priority, baseUrl, systemPrompt, other } = channel;
  return {
    id: BigInt(channel.id),
    type,
    name,
    weight,
    priority,
    baseUrl,
    models: [...channel.models],
    groups: [...channel.groups],
    modelMapping: { ...channel.modelMapping },
    systemPrompt,
    other,
  };
}

function healthToWire(channel: Channel, health: ChannelHealth) {
  return {
    usedNanos: channel.usedNanos + health.unsavedNanos,
    requests1h: Math.min(health.requestsLastHour, uint32Max),
    successes1h: Math.min(health.successesLastHour, uint32Max),
    coolingUntil: BigInt(Math.ceil(health.coolingUntilMs / 1000)),
  };
}

const uint32Max = 4_294_967_295;
