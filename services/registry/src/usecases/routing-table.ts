/**
 * The routing table in memory: what relays are fed with. It follows the persisted version, which every replica of this service
 * raises in the transaction of a change, so that a change made elsewhere is seen at the next poll and one made here at once.
 */
import type { Clock, Timer } from "@tollgate/kit/clock/clock";
import type { Logger } from "@tollgate/kit/logging/logger";
import type { RoutedChannel } from "#domain/channel.ts";
import { readOptions } from "#domain/options.ts";
import type { RegistryOptions } from "#domain/options.ts";
import type { RoutingStore } from "./ports.ts";

/** The table at one version. Not to be kept over an await: `channels` is changed in place. */
export interface RoutingState {
  readonly version: bigint;
  readonly channels: ReadonlyMap<number, RoutedChannel>;
  readonly options: RegistryOptions;
}

/** What one refresh changed. */
export interface RoutingChange {
  readonly changedIds: readonly number[];
  readonly removedIds: readonly number[];
  readonly hasNewOptions: boolean;
}

/** The table and its followers. */
export interface RoutingTable {
  /** Brings the table up to date. Resolves when every change committed before the call is in it. */
  readonly refresh: () => Promise<void>;
  readonly read: () => RoutingState;
  /** True once the table was read from the database. */
  readonly isLoaded: () => boolean;
  /** Calls `listener` after each change; the answer stops that. */
  readonly onChange: (listener: (change: RoutingChange) => void) => () => void;
  /** Polls for the changes of other replicas until closed. */
  readonly startPolling: () => void;
  readonly close: () => Promise<void>;
}

/** What the table needs. */
export interface RoutingTablePorts {
  readonly store: RoutingStore;
  readonly clock: Pick<Clock, "setTimeout">;
  readonly logger: Pick<Logger, "warn" | "info">;
}

/** How often the version is looked at for changes of other replicas. */
const routingPollMs = 500;

interface Mutable {
  version: bigint;
  readonly channels: Map<number, RoutedChannel>;
  options: RegistryOptions;
}

/** Makes an empty table; the first refresh fills it. */
export function createRoutingTable({ store, clock, logger }: RoutingTablePorts): RoutingTable {
  const state: Mutable = { version: 0n, channels: new Map(), options: readOptions({}) };
  const listeners = new Set<(change: RoutingChange) => void>();
  let isLoaded = false;
  const update = async (): Promise<void> => {
    const version = await store.readVersion();
    if (isLoaded && version === state.version) {
      return;
    }
    // A version that went back means another database: start over.
    const since = version < state.version ? 0n : state.version;
    const change = applyChanges(state, await store.readChanges(since), since === 0n);
    isLoaded = true;
    for (const listener of listeners) {
      listener(change);
    }
  };
  const refresh = oneAtATime(update);
  const poller = createPoller({ refresh, clock, logger });
  return {
    refresh,
    read: () => state,
    isLoaded: () => isLoaded,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    startPolling: poller.start,
    close: poller.close,
  };
}

type Changes = Awaited<ReturnType<RoutingStore["readChanges"]>>;

function applyChanges(state: Mutable, changes: Changes, isFull: boolean): RoutingChange {
  const present = new Set(changes.channels.map(({ id }) => id));
  const removedIds = isFull
    ? [...state.channels.keys()].filter((id) => !present.has(id))
    : changes.removedIds.filter((id) => state.channels.has(id));
  for (const channel of changes.channels) {
    state.channels.set(channel.id, channel);
  }
  for (const id of removedIds) {
    state.channels.delete(id);
  }
  const options = readOptions(changes.options);
  const hasNewOptions =
    options.retryTimes !== state.options.retryTimes ||
    options.automaticDisable !== state.options.automaticDisable ||
    options.clampGroups.join() !== state.options.clampGroups.join();
  state.options = options;
  state.version = changes.version;
  return { changedIds: [...present], removedIds, hasNewOptions };
}

/** Calls that come while a run is under way share the next run, which starts after they came. */
function oneAtATime(run: () => Promise<void>): () => Promise<void> {
  let present: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const start = async (): Promise<void> => {
    present = run().finally(() => {
      present = undefined;
    });
    return present;
  };
  return async () => {
    if (present === undefined) {
      return start();
    }
    next ??= present
      // The run before reports its own failure to those who asked for it.
      .catch(() => undefined)
      .then(async () => {
        next = undefined;
        return start();
      });
    return next;
  };
}

interface PollerPorts extends Pick<RoutingTablePorts, "clock" | "logger"> {
  readonly refresh: () => Promise<void>;
}

function createPoller({ refresh, clock, logger }: PollerPorts): {
  start: () => void;
  close: () => Promise<void>;
} {
  let timer: Timer | undefined;
  let isClosed = false;
  let isFailing = false;
  let underWay: Promise<void> = Promise.resolve();
  const poll = async (): Promise<void> => {
    try {
      await refresh();
      if (isFailing) {
        isFailing = false;
        logger.info({}, "routing table follows the database again");
      }
    } catch (error) {
      // Relays go on with what they have; said once, not twice a second.
      if (!isFailing) {
        isFailing = true;
        logger.warn({ err: error }, "routing table cannot be read");
      }
    }
    schedule();
  };
  const schedule = (): void => {
    if (!isClosed) {
      timer = clock.setTimeout(() => {
        underWay = poll();
      }, routingPollMs);
    }
  };
  return {
    start: () => {
      underWay = poll();
    },
    close: async () => {
      isClosed = true;
      timer?.cancel();
      await underWay;
    },
  };
}
