import { Code } from "@connectrpc/connect";
import type { Clock } from "@tollgate/kit/clock/clock";
import { Fault } from "@tollgate/kit/fault/fault";
import type { User } from "@tollgate/proto/quota/v1/user_service";
import { limits } from "#limits.ts";
import type { RpcClients } from "#rpc/rpc-clients.ts";

/** Users as of at most two seconds ago, so that bans act at once and pages do not ask for each request. */
export interface UserCache {
  /** The user, or `undefined` if there is none. */
  read(id: bigint): Promise<User | undefined>;
  /** Forgets a user whose data has just been changed here. */
  forget(id: bigint): void;
}

interface Entry {
  readonly user: Promise<User | undefined>;
  readonly staleAtMs: number;
}

/** Makes a cache in front of quota. Failed reads are not kept. */
export function createUserCache(options: {
  readonly rpc: Pick<RpcClients, "users">;
  readonly clock: Clock;
}): UserCache {
  const { rpc, clock } = options;
  const entries = new Map<bigint, Entry>();
  return {
    read(id) {
      const known = entries.get(id);
      if (known !== undefined && known.staleAtMs > clock.monotonicMs()) {
        return known.user;
      }
      const user = findUser(rpc, id);
      const entry = { user, staleAtMs: clock.monotonicMs() + limits.userCacheMs };
      entries.delete(id);
      entries.set(id, entry);
      dropOldest(entries);
      // The caller sees the failure; here it only must not stay.
      user.catch(() => {
        if (entries.get(id) === entry) {
          entries.delete(id);
        }
      });
      return user;
    },
    forget(id) {
      entries.delete(id);
    },
  };
}

async function findUser(rpc: Pick<RpcClients, "users">, id: bigint): Promise<User | undefined> {
  try {
    const { user } = await rpc.users.getUser({ id });
    return user;
  } catch (error) {
    // Gone is an answer; anything else is a failure.
    if (error instanceof Fault && error.code === Code.NotFound) {
      return undefined;
    }
    throw error;
  }
}

function dropOldest(entries: Map<bigint, Entry>): void {
  for (const oldest of entries.keys()) {
    if (entries.size <= limits.userCacheRowsMax) {
      return;
    }
    entries.delete(oldest);
  }
}
