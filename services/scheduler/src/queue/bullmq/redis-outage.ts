import type { Clock } from "@tollgate/kit/clock/clock";
import type { RedisClient } from "@tollgate/kit/redis/connect-redis";
import { pause } from "#jobs/pause.ts";

const lookMs = 50;
// One second: a connection that was only lost for a moment is back within it.
const looksAway = 20;

/** Resolves once Redis has been away for a second without a break, or when the signal is aborted. */
export async function untilRedisIsAway(
  redis: Pick<RedisClient, "status">,
  clock: Pick<Clock, "setTimeout">,
  signal: AbortSignal,
): Promise<void> {
  let looks = 0;
  while (looks < looksAway && !signal.aborted) {
    looks = redis.status === "ready" ? 0 : looks + 1;
    await pause(clock, lookMs, signal);
  }
}
