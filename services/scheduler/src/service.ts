import type { ConnectRouter, Transport } from "@connectrpc/connect";
import type { Clock } from "@tollgate/kit/clock/clock";
import type { Logger } from "@tollgate/kit/logging/logger";
import { connectRedis } from "@tollgate/kit/redis/connect-redis";
import { JobService } from "@tollgate/proto/scheduler/v1/job_service";
import type { RunJob } from "#jobs/job-control.ts";
import { pause } from "#jobs/pause.ts";
import { createJobRunner } from "#jobs/run-job.ts";
import { createBullmqQueue } from "#queue/bullmq/bullmq-queue.ts";
import { createInProcessQueue } from "#queue/in-process/in-process-queue.ts";
import type { JobQueue } from "#queue/job-queue.ts";
import { createJobClients } from "#rpc/job-clients.ts";
import { createJobHandlers } from "#rpc/job-handlers.ts";
import type { SchedulerConfig } from "./config.ts";

/** What the scheduler gets from its process. */
export interface SchedulerDeps {
  readonly logger: Logger;
  readonly clock: Clock;
  readonly version: string;
  readonly registry: Transport;
  readonly relay: Transport;
  readonly quota: Transport;
}

/** The running scheduler, without a socket. */
export interface SchedulerService {
  readonly routes: (router: ConnectRouter) => void;
  readonly isReady: () => boolean;
  readonly stop: (deadline: AbortSignal) => Promise<void>;
}

type QueueConfig = Pick<SchedulerConfig, "redisConnString" | "redisPassword" | "redisMasterName">;

const scheduleRetryMs = 5000;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const expireCreditEveryMs = hourMs;
const reconcileEveryMs = { news: minuteMs, books: hourMs, journals: 24 * hourMs } as const;

/** Opens the queue and sets the schedules; neither Redis nor the called services need be there yet. */
export async function createSchedulerService(
  config: SchedulerConfig,
  deps: SchedulerDeps,
): Promise<SchedulerService> {
  const { clock } = deps;
  const ports = createJobClients(deps);
  const runJob = createJobRunner({ ports, clock, pauseMs: config.itemPauseMs });
  const queue = openQueue(config, deps, runJob);
  const stopping = new AbortController();
  // Not waited for at the end: while Redis is away its commands never answer.
  void keepSettingSchedules(queue, config, { ...deps, signal: stopping.signal });
  return {
    routes: (router) => {
      router.service(JobService, createJobHandlers(queue));
    },
    isReady: queue.isReady,
    stop: async (deadline) => {
      stopping.abort();
      await queue.close(deadline);
    },
  };
}

function openQueue(
  config: QueueConfig,
  { logger, clock }: SchedulerDeps,
  runJob: RunJob,
): JobQueue {
  const { redisConnString: connString, redisPassword, redisMasterName } = config;
  if (connString === undefined) {
    return createInProcessQueue({ runJob, clock, logger });
  }
  const address = { connString, password: redisPassword, masterName: redisMasterName };
  return createBullmqQueue({
    connect: (isBlocking) => connectRedis({ ...address, isBlocking }),
    runJob,
    clock,
    logger,
  });
}

interface ScheduleSurroundings extends Pick<SchedulerDeps, "logger" | "clock"> {
  readonly signal: AbortSignal;
}

/** Tries until the schedules are set, because Redis may come up after us. */
async function keepSettingSchedules(
  queue: JobQueue,
  { testEveryMs, refreshBalancesEveryMs }: SchedulerConfig,
  { logger, clock, signal }: ScheduleSurroundings,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await queue.schedule("test-channels", testEveryMs);
      await queue.schedule("refresh-balances", refreshBalancesEveryMs);
      await queue.schedule("expire-credit", expireCreditEveryMs);
      await queue.schedule("reconcile-news", reconcileEveryMs.news);
      await queue.schedule("reconcile-books", reconcileEveryMs.books);
      await queue.schedule("reconcile-journals", reconcileEveryMs.journals);
      logger.info({ testEveryMs, refreshBalancesEveryMs }, "schedules set");
      return;
    } catch (error) {
      // Said each time: without schedules the operator's wish is not met.
      if (!signal.aborted) {
        logger.warn({ err: error, retryMs: scheduleRetryMs }, "schedules not set");
      }
      await pause(clock, scheduleRetryMs, signal);
    }
  }
}
