/** One stream from a service, shared by everybody who watches; open only while somebody does. */
import type { Clock } from "@tollgate/kit/clock/clock";
import { keepStreamOpen, type OpenStream } from "@tollgate/kit/grpc/periodic-reconnect";
import type { Logger } from "@tollgate/kit/logging/logger";

/** A source that any number of listeners share. */
export interface TopicFeed<Item> {
  /** Calls `listen` for every item from now on; returns the function that ends that. */
  subscribe(listen: (item: Item) => void): () => void;
  close(): Promise<void>;
}

/** Where the items come from. */
export interface TopicFeedOptions<Item> {
  readonly name: string;
  readonly open: (signal: AbortSignal) => AsyncIterable<Item>;
  readonly logger: Logger;
  readonly clock: Clock;
}

const backoff = { minMs: 500, maxMs: 15_000 };

/** Makes a feed. Items that arrive while the stream is being opened again are lost: live views show what is live. */
export function createTopicFeed<Item>(options: TopicFeedOptions<Item>): TopicFeed<Item> {
  const { name, open, logger, clock } = options;
  const listeners = new Set<(item: Item) => void>();
  let stream: OpenStream | undefined;
  const closeStream = async (): Promise<void> => {
    const closing = stream;
    stream = undefined;
    await closing?.close();
  };
  return {
    subscribe(listen) {
      listeners.add(listen);
      stream ??= keepStreamOpen({
        name,
        logger,
        clock,
        backoff,
        open: async (signal) => {
          for await (const item of open(signal)) {
            for (const listener of listeners) {
              listener(item);
            }
          }
        },
      });
      return () => {
        listeners.delete(listen);
        if (listeners.size === 0) {
          closeStream().catch((error: unknown) => logger.warn({ err: error }, "feed close failed"));
        }
      };
    },
    async close() {
      listeners.clear();
      await closeStream();
    },
  };
}
