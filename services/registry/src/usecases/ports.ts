import type {
  Channel,
  ChannelSettings,
  ChannelStatus,
  NewChannel,
  RoutedChannel,
} from "#domain/channel.ts";
import type { OptionKey, OptionValues } from "#domain/options.ts";

/** A field that channels can be sorted by. */
export type ChannelSort =
  | "id"
  | "name"
  | "type"
  | "status"
  | "priority"
  | "weight"
  | "response_time_ms"
  | "test_time"
  | "balance_nanos"
  | "used_nanos"
  | "created_at";

/** Which channels, in which order. Absent filters let everything through. */
export interface ChannelQuery {
  readonly offset: number;
  readonly limit: number;
  readonly sort: ChannelSort;
  readonly descending: boolean;
  /** Held against id, name, base URL, key hint, and, whole, against the credential. */
  readonly keyword?: string;
  readonly status?: ChannelStatus;
  readonly type?: number;
  readonly group?: string;
  readonly model?: string;
}

/** A page of channels. */
export interface ChannelPage {
  readonly channels: readonly Channel[];
}

/** What one update of a channel changes. */
export interface StoredChange {
  readonly settings: ChannelSettings;
  /** Absent = stays. */
  readonly credential?: string;
}

/** A change of status that only happens to a channel that has the status `from`. */
export interface StatusSwitch {
  readonly id: number;
  readonly from: ChannelStatus;
  readonly to: ChannelStatus;
  /** "" = not said. */
  readonly reason: string;
}

/**
 * Channels at rest. Every method is one transaction; every change that relays must learn of raises the snapshot's version in that
 * same transaction.
 */
export interface ChannelStore {
  /** The new ids, in order, and how many of the credentials were here already. */
  readonly insert: (
    channels: readonly NewChannel[],
    nowSeconds: number,
  ) => Promise<{ readonly ids: readonly number[]; readonly knownCredentials: number }>;
  readonly find: (id: number) => Promise<Channel | undefined>;
  readonly list: (query: ChannelQuery) => Promise<ChannelPage>;
  readonly count: (query: ChannelQuery) => Promise<number>;
  /** Changes the channels that exist and says how many those were. `change` may throw: then nothing is changed. */
  readonly update: (
    ids: readonly number[],
    change: (present: ChannelSettings) => StoredChange,
  ) => Promise<number>;
  /** How many of them existed. */
  readonly remove: (ids: readonly number[]) => Promise<number>;
  readonly removeDisabled: () => Promise<number>;
  /** False when the channel is gone or has another status than `from`. */
  readonly switchStatus: (change: StatusSwitch) => Promise<boolean>;
  /** False when the channel is gone. */
  readonly recordTest: (id: number, responseTimeMs: number, nowSeconds: number) => Promise<boolean>;
  /** False when the channel is gone. */
  readonly recordBalance: (
    id: number,
    balanceNanos: bigint,
    nowSeconds: number,
  ) => Promise<boolean>;
  readonly addUsed: (nanosById: ReadonlyMap<number, bigint>) => Promise<void>;
}

/** Options at rest. */
export interface OptionStore {
  readonly read: () => Promise<OptionValues>;
  /** Also raises the snapshot's version. */
  readonly write: (key: OptionKey, value: string) => Promise<void>;
}

/** What changed since a version. */
export interface RoutingChanges {
  readonly version: bigint;
  readonly channels: readonly RoutedChannel[];
  readonly removedIds: readonly number[];
  readonly options: OptionValues;
}

/** The persisted side of the snapshot. */
export interface RoutingStore {
  readonly readVersion: () => Promise<bigint>;
  /** Everything that changed after `since`; 0 = everything there is. Later changes may be in it early, never missing later. */
  readonly readChanges: (since: bigint) => Promise<RoutingChanges>;
}
