/** A scheduler of its own process that a test kills: it starts a job, gets to item 30, says the job's id and never ends. */
import process from "node:process";
import { systemClock } from "@tollgate/kit/clock/clock";
import { createLogger } from "@tollgate/kit/logging/logger";
import { connectRedis } from "@tollgate/kit/redis/connect-redis";
import { createBullmqQueue } from "../src/queue/bullmq/bullmq-queue.ts";

const connString = process.argv[2] ?? "";
const atItem = Promise.withResolvers<void>();
const queue = createBullmqQueue({
  connect: (isBlocking) => connectRedis({ connString, isBlocking }),
  clock: systemClock,
  logger: createLogger({ service: "scheduler", level: "silent" }),
  timing: { lockMs: 1000, lostCheckMs: 500 },
  runJob: async (_order, { report }) => {
    await report({
      done: 3,
      total: 9,
      succeeded: 3,
      failed: 0,
      message: "",
      checkpoint: { afterId: 30, done: 3, succeeded: 3, failed: 0 },
    });
    atItem.resolve();
    return new Promise(() => undefined);
  },
});

const { job } = await queue.start({
  kind: "test-channels",
  onlyDisabled: false,
  requestedBy: "1",
});
await atItem.promise;
process.stdout.write(`${job.id}\n`);
