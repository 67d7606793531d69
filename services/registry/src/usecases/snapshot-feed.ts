/**
 * Feeds relays with the routing table: everything first, then what changed. What a watcher still has to get is kept as sets of
 * ids, not as messages: a slow watcher costs no memory and gets several changes of a channel as one.
 */
import type { Clock } from "@tollgate/kit/clock/clock";
import type { RoutedChannel } from "#domain/channel.ts";
import { registryFaults } from "#domain/faults.ts";
import { limits } from "#domain/limits.ts";
import type { RegistryOptions } from "#domain/options.ts";
import { createLeadingEdge } from "./leading-edge.ts";
import type { RoutingTable } from "./routing-table.ts";

/** One update, to be sent in order. */
export interface SnapshotUpdate {
  readonly version: bigint;
  /** It replaces everything. */
  readonly isFull: boolean;
  readonly channels: readonly RoutedChannel[];
  readonly removedIds: readonly number[];
  /** Absent = did not change. */
  readonly options?: RegistryOptions;
}

/** What the feed needs. */
export interface SnapshotFeedPorts {
  readonly routing: RoutingTable;
  readonly clock: Pick<Clock, "setTimeout">;
}

/** The source of updates for all watchers. */
export interface SnapshotFeed {
  /** The updates for one watcher until the signal is aborted or the feed closed. Throws WATCHERS_EXHAUSTED. */
  readonly watch: (signal: AbortSignal) => AsyncGenerator<SnapshotUpdate, void, undefined>;
  /** Ends every watch with STOPPING, so that relays look for another replica. */
  readonly close: () => void;
}

/** A change goes out at once; what follows it within this time goes out as one update. */
const coalesceMs = 50;

// An update must stay well below the largest message of a channel, 16 MiB.
const updateBytesMax = 8 * 1024 * 1024;

/** Makes the feed over a table. */
export function createSnapshotFeed({ routing, clock }: SnapshotFeedPorts): SnapshotFeed {
  const closing = new AbortController();
  let watchers = 0;
  return {
    async *watch(signal) {
      if (watchers >= limits.watchers) {
        throw registryFaults.fault("WATCHERS_EXHAUSTED", { retryAfterMs: 5000 });
      }
      watchers += 1;
      const pending = createPending({ routing, clock });
      const ended = AbortSignal.any([signal, closing.signal]);
      try {
        await routing.refresh();
        yield* fullUpdates(routing, pending);
        while (await pending.wait(ended)) {
          yield* pending.take();
        }
      } finally {
        pending.close();
        watchers -= 1;
      }
      if (closing.signal.aborted && !signal.aborted) {
        throw registryFaults.fault("STOPPING");
      }
    },
    close: () => closing.abort(),
  };
}

/**
 * Everything: one full update, and when that would be too large for a message, the rest of the channels in further updates of the
 * same version.
 */
function* fullUpdates(routing: RoutingTable, pending: Pending): Generator<SnapshotUpdate> {
  const { version, channels, options } = routing.read();
  const parts = partsOf([...channels.values()]);
  pending.reset();
  for (const [index, part] of parts.entries()) {
    yield index === 0
      ? { version, isFull: true, channels: part, removedIds: [], options }
      : { version, isFull: false, channels: part, removedIds: [] };
  }
}

interface Pending {
  /** Forgets what is pending. */
  readonly reset: () => void;
  /** True when there is something to take, false when the signal was aborted. */
  readonly wait: (signal: AbortSignal) => Promise<boolean>;
  readonly take: () => Generator<SnapshotUpdate>;
  readonly close: () => void;
}

function createPending({ routing, clock }: SnapshotFeedPorts): Pending {
  const changed = new Set<number>();
  const removed = new Set<number>();
  let hasNewOptions = false;
  let wake = (): void => undefined;
  const edge = createLeadingEdge(clock, coalesceMs, () => wake());
  const stopListening = routing.onChange((change) => {
    moveIds(change.changedIds, removed, changed);
    moveIds(change.removedIds, changed, removed);
    hasNewOptions ||= change.hasNewOptions;
    edge.note();
  });
  const forget = (): void => {
    hasNewOptions = false;
    changed.clear();
    removed.clear();
  };
  return {
    reset: () => {
      forget();
      edge.reset();
    },
    wait: async (signal) => {
      if (!edge.isDue() && !signal.aborted) {
        await new Promise<void>((resolve) => {
          wake = () => {
            signal.removeEventListener("abort", wake);
            resolve();
          };
          signal.addEventListener("abort", wake);
        });
      }
      return !signal.aborted;
    },
    *take() {
      const { version, channels, options } = routing.read();
      const removedIds = [...removed];
      const present = [...changed].flatMap((id) => channels.get(id) ?? []);
      const withOptions = hasNewOptions ? { options } : {};
      forget();
      edge.pause();
      for (const [index, part] of partsOf(present).entries()) {
        yield index === 0
          ? { version, isFull: false, channels: part, removedIds, ...withOptions }
          : { version, isFull: false, channels: part, removedIds: [] };
      }
    },
    close: () => {
      stopListening();
      edge.reset();
    },
  };
}

function moveIds(ids: readonly number[], from: Set<number>, to: Set<number>): void {
  for (const id of ids) {
    from.delete(id);
    to.add(id);
  }
}

/** At least one part, each small enough for a message. */
function partsOf(channels: readonly RoutedChannel[]): readonly (readonly RoutedChannel[])[] {
  const parts: RoutedChannel[][] = [[]];
  let bytes = 0;
  for (const channel of channels) {
    const size = estimateBytes(channel);
    if (bytes + size > updateBytesMax && bytes > 0) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(channel);
    bytes += size;
  }
  return parts;
}

// Lengths are counted in UTF-16 units; times 1.5 no text that is mostly ASCII or Chinese comes out too small.
function estimateBytes(channel: RoutedChannel): number {
  const texts = [
    channel.name,
    channel.baseUrl,
    channel.systemPrompt,
    channel.credential,
    ...channel.groups,
    ...Object.entries(channel.config).flat(),
    ...Object.entries(channel.modelMapping).flat(),
  ];
  const models = channel.models.reduce((total, model) => total + model.length + 3, 0);
  return 64 + 1.5 * (models + texts.reduce((total, text) => total + text.length + 4, 0));
}
