import { changeChannel, refuseForMany } from "#domain/apply-draft.ts";
import type { Channel, ChannelDraft } from "#domain/channel.ts";
import { registryFaults } from "#domain/faults.ts";
import type { ChannelStore } from "./ports.ts";
import type { PublishChanges } from "./publish-changes.ts";

/** What changing channels needs. */
export interface ChangeChannelsPorts {
  readonly channels: ChannelStore;
  readonly publish: PublishChanges;
}

/** Changes what is present in the draft. Throws CHANNEL_NOT_FOUND or CHANNEL_INVALID. */
export const updateChannel =
  ({ channels, publish }: ChangeChannelsPorts) =>
  async (id: number, draft: ChannelDraft): Promise<Channel> => {
    const changed = await channels.update([id], (present) => changeChannel(present, draft));
    const channel = changed === 0 ? undefined : await channels.find(id);
    if (channel === undefined) {
      throw registryFaults.fault("CHANNEL_NOT_FOUND");
    }
    await publish();
    return channel;
  };

/** Changes several channels alike, all or none; ids that do not exist are passed over. Throws CHANNEL_INVALID. */
export const updateChannels =
  ({ channels, publish }: ChangeChannelsPorts) =>
  async (ids: readonly number[], draft: ChannelDraft): Promise<number> => {
    refuseForMany(draft);
    const changed = await channels.update(ids, (present) => changeChannel(present, draft));
    await publish();
    return changed;
  };

/** Removes channels; says how many existed. */
export const deleteChannels =
  ({ channels, publish }: ChangeChannelsPorts) =>
  async (ids: readonly number[]): Promise<number> => {
    const deleted = await channels.remove(ids);
    await publish();
    return deleted;
  };

/** Removes every channel that is switched off; says how many there were. */
export const deleteDisabledChannels =
  ({ channels, publish }: ChangeChannelsPorts) =>
  async (): Promise<number> => {
    const deleted = await channels.removeDisabled();
    await publish();
    return deleted;
  };
