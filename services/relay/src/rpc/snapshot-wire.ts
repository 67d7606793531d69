import type {
  RoutedChannel as WireChannel,
  WatchSnapshotResponse,
} from "@tollgate/proto/registry/v1/snapshot_service";
import { channelTypeOf } from "#providers/channel-types.ts";
import type { RoutedChannel } from "#routing/routed-channel.ts";
import type { RoutingSnapshot } from "#routing/snapshot.ts";
import { createSnapshot } from "#routing/snapshot.ts";

const retryTimesMax = 10;

/** Applies an update to a snapshot. Throws a `RangeError` that says what is wrong with the update. */
export function applyUpdate(base: RoutingSnapshot, update: WatchSnapshotResponse): RoutingSnapshot {
  const channels = new Map(update.full ? [] : base.channels);
  for (const id of update.removedChannelIds) {
    channels.delete(Number(id));
  }
  const modelSets = new Map<string, ReadonlySet<string>>();
  for (const wire of update.channels) {
    const channel = channelFromWire(wire, modelSets);
    channels.set(channel.id, channel);
  }
  const options =
    update.options === undefined
      ? base.options
      : {
          retryTimes: Math.min(update.options.retryTimes, retryTimesMax),
          clampGroups: new Set(update.options.clampGroups),
        };
  return createSnapshot(Number(update.version), channels, options);
}

/** Channels often have the same list of models: they share one set. */
function channelFromWire(
  wire: WireChannel,
  modelSets: Map<string, ReadonlySet<string>>,
): RoutedChannel {
  if (wire.id <= 0n) {
    throw new RangeError("a channel has no id");
  }
  const type = channelTypeOf(wire.type);
  const listKey = wire.models.join("\n");
  const models = modelSets.get(listKey) ?? new Set(wire.models);
  modelSets.set(listKey, models);
  const baseUrl = (wire.baseUrl === "" ? (type?.baseUrl ?? "") : wire.baseUrl).replace(/\/+$/u, "");
  return {
    id: Number(wire.id),
    type: wire.type,
    name: wire.name,
    enabled: wire.enabled,
    weight: Math.max(1, wire.weight),
    priority: Number(wire.priority),
    models,
    groups: wire.groups,
    modelMapping: new Map(Object.entries(wire.modelMapping)),
    systemPrompt: wire.systemPrompt,
    drainsStreams: wire.config["on_disconnect_stream"] === "drain",
    drainsWhole: wire.config["on_disconnect_whole"] !== "abort",
    target: { type: wire.type, baseUrl, credential: wire.credential, config: wire.config },
    ...(type?.provider === undefined ? {} : { provider: type.provider }),
  };
}
