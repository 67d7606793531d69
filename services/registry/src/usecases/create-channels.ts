import type { Clock } from "@tollgate/kit/clock/clock";
import type { Logger } from "@tollgate/kit/logging/logger";
import { channelsFromDraft } from "#domain/apply-draft.ts";
import type { ChannelDraft } from "#domain/channel.ts";
import type { ChannelStore } from "./ports.ts";
import type { PublishChanges } from "./publish-changes.ts";

/** What creating channels needs. */
export interface CreateChannelsPorts {
  readonly channels: ChannelStore;
  readonly publish: PublishChanges;
  readonly clock: Pick<Clock, "nowMs">;
  readonly logger: Pick<Logger, "warn">;
}

/** Makes one channel for each credential of the draft, all or none. Throws CHANNEL_INVALID. */
export const createChannels =
  ({ channels, publish, clock, logger }: CreateChannelsPorts) =>
  async (draft: ChannelDraft): Promise<readonly number[]> => {
    const wanted = channelsFromDraft(draft);
    const { ids, knownCredentials } = await channels.insert(
      wanted,
      Math.floor(clock.nowMs() / 1000),
    );
    if (knownCredentials > 0) {
      // Two channels with one credential are allowed: they may serve other models. But it is often a slip.
      logger.warn({ channelIds: ids.slice(0, 10), knownCredentials }, "credential already present");
    }
    await publish();
    return ids;
  };
