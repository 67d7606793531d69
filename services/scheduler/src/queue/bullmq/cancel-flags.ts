import type { RedisClient } from "@tollgate/kit/redis/connect-redis";

/** Wishes to cancel, seen by whichever scheduler runs the job. */
export interface CancelFlags {
  readonly raise: (jobId: string) => Promise<void>;
  readonly isRaised: (jobId: string) => Promise<boolean>;
}

// Longer than any job; then Redis forgets the flag.
const keepSeconds = 7 * 24 * 3600;

/** Flags in Redis. */
export function createCancelFlags(redis: RedisClient, keyPrefix: string): CancelFlags {
  const keyOf = (jobId: string): string => `${keyPrefix}:cancelled:${jobId}`;
  return {
    raise: async (jobId) => {
      await redis.set(keyOf(jobId), "1", "EX", keepSeconds);
    },
    isRaised: async (jobId) => (await redis.exists(keyOf(jobId))) === 1,
  };
}
