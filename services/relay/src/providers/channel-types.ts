import type { ChannelType } from "#providers/channel-type.ts";
import { chineseTypes } from "#providers/channel-types/chinese.ts";
import { resellerTypes } from "#providers/channel-types/resellers.ts";
import { unspokenTypes } from "#providers/channel-types/unspoken.ts";
import { westernTypes } from "#providers/channel-types/western.ts";
import * as ownDialects from "#providers/registry.ts";

/** Every channel type, by number: One API's, and those from 1000 on. */
export const channelTypes: readonly ChannelType[] = Object.freeze(
  [
    ...westernTypes,
    ...resellerTypes,
    ...chineseTypes,
    ...unspokenTypes,
    ...Object.values(ownDialects),
  ].sort((left, right) => left.id - right.id),
);

const byId: ReadonlyMap<number, ChannelType> = new Map(channelTypes.map((type) => [type.id, type]));

/** The type with this number; undefined for a number that this build does not know. */
export function channelTypeOf(id: number): ChannelType | undefined {
  return byId.get(id);
}
