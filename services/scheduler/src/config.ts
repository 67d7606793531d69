import { defineConfig, env } from "@tollgate/kit/config/config";
import type { ConfigOf } from "@tollgate/kit/config/config";
import { minutesField, portField, secondsField } from "@tollgate/kit/config/fields";
import { z } from "zod";

/** What the scheduler reads from its environment. */
export const schedulerConfigSchema = defineConfig({
  rpcHost: env("RPC_HOST", z.string().default("127.0.0.1"), "address to serve gRPC on"),
  rpcPort: env("RPC_PORT", portField().default(4004), "port to serve gRPC on"),
  quotaAddress: env("QUOTA_ADDRESS", z.string().default("127.0.0.1:4001"), "where quota is"),
  registryAddress: env(
    "REGISTRY_ADDRESS",
    z.string().default("127.0.0.1:4002"),
    "where the registry is",
  ),
  relayAddress: env("RELAY_ADDRESS", z.string().default("127.0.0.1:4003"), "where the relay is"),
  redisConnString: env(
    "REDIS_CONN_STRING",
    z.string().optional(),
    "Redis for the job queue; unset = the queue of this process",
  ),
  redisPassword: env("REDIS_PASSWORD", z.string().optional(), "password of Redis"),
  redisMasterName: env("REDIS_MASTER_NAME", z.string().optional(), "master behind Sentinels"),
  testEveryMs: env(
    "CHANNEL_TEST_FREQUENCY",
    minutesField({ min: 1, max: 527_040 }).optional(),
    "time between two tests of all channels; unset = never",
  ),
  refreshBalancesEveryMs: env(
    "CHANNEL_UPDATE_FREQUENCY",
    minutesField({ min: 1, max: 527_040 }).optional(),
    "time between two refreshes of the channels' balances; unset = never",
  ),
  itemPauseMs: env(
    "POLLING_INTERVAL",
    secondsField({ min: 0, max: 3600 }).default(0),
    "how long each worker rests between two channels",
  ),
});

/** The scheduler's configuration. */
export type SchedulerConfig = ConfigOf<typeof schedulerConfigSchema>;
