import type { Channel } from "#domain/channel.ts";
import { registryFaults } from "#domain/faults.ts";
import type { ChannelHealth, HealthBook } from "./health-book.ts";
import type { ChannelQuery, ChannelStore } from "./ports.ts";
import type { RoutingTable } from "./routing-table.ts";

/** A channel with what relays saw of it lately. */
export interface ChannelView {
  readonly channel: Channel;
  readonly health: ChannelHealth;
}

/** A page of channels; `total` is there when it was asked for. */
export interface ChannelListing {
  readonly views: readonly ChannelView[];
  readonly total?: number;
}

/** What reading channels needs. */
export interface ReadChannelsPorts {
  readonly channels: Pick<ChannelStore, "find" | "list" | "count">;
  readonly health: Pick<HealthBook, "read">;
}

/** One channel. Throws CHANNEL_NOT_FOUND. */
export const getChannel =
  ({ channels, health }: ReadChannelsPorts) =>
  async (id: number): Promise<ChannelView> => {
    const channel = await channels.find(id);
    if (channel === undefined) {
      throw registryFaults.fault("CHANNEL_NOT_FOUND");
    }
    return { channel, health: health.read(id) };
  };

/** A page of channels. */
export const listChannels =
  ({ channels, health }: ReadChannelsPorts) =>
  async (query: ChannelQuery, withTotal: boolean): Promise<ChannelListing> => {
    const page = await channels.list(query);
    const views = page.channels.map((channel) => ({ channel, health: health.read(channel.id) }));
    return withTotal ? { views, total: await channels.count(query) } : { views };
  };

/** The models that enabled channels serve to a group ("" = to any), sorted, without doubles. */
export const listModels =
  ({ routing }: { readonly routing: Pick<RoutingTable, "refresh" | "read"> }) =>
  async (group: string): Promise<readonly string[]> => {
    await routing.refresh();
    const models = new Set<string>();
    for (const channel of routing.read().channels.values()) {
      if (channel.status === "enabled" && (group === "" || channel.groups.includes(group))) {
        for (const model of channel.models) {
          models.add(model);
        }
      }
    }
    return [...models].toSorted();
  };
