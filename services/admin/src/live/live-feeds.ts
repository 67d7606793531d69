import type { Clock } from "@tollgate/kit/clock/clock";
import type { Logger } from "@tollgate/kit/logging/logger";
import type { LogEntry } from "@tollgate/proto/quota/v1/usage_service";
import type { Job } from "@tollgate/proto/scheduler/v1/job_service";
import type { RpcClients } from "#rpc/rpc-clients.ts";
import { createTopicFeed, type TopicFeed } from "./topic-feed.ts";

/** What live views show. */
export interface LiveFeeds {
  /** Every new log row, of everybody: listeners pick theirs. */
  readonly log: TopicFeed<LogEntry>;
  /** Every change of a job. */
  readonly job: TopicFeed<Job>;
  close(): Promise<void>;
}

/** Makes the feeds of this service. */
export function createLiveFeeds(options: {
  readonly rpc: Pick<RpcClients, "usage" | "jobs">;
  readonly logger: Logger;
  readonly clock: Clock;
}): LiveFeeds {
  const { rpc, logger, clock } = options;
  const log = createTopicFeed({
    name: "log",
    logger,
    clock,
    open: (signal) => pick(rpc.usage.watchLog({ userId: 0n }, { signal }), ({ entry }) => entry),
  });
  const job = createTopicFeed({
    name: "jobs",
    logger,
    clock,
    open: (signal) => pick(rpc.jobs.watchJobs({}, { signal }), (message) => message.job),
  });
  return {
    log,
    job,
    async close() {
      await Promise.all([log.close(), job.close()]);
    },
  };
}

async function* pick<Message, Item>(
  messages: AsyncIterable<Message>,
  read: (message: Message) => Item | undefined,
): AsyncIterable<Item> {
  for await (const message of messages) {
    const item = read(message);
    if (item !== undefined) {
      yield item;
    }
  }
}
