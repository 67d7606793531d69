import type { RedisOptions } from "ioredis";
import { Cluster, Redis } from "ioredis";

/** Where Redis is. */
export interface RedisAddress {
  /** A redis:// or rediss:// URL, or host:port; several separated by commas are sentinels or the nodes of a cluster. */
  readonly connString: string;
  readonly password?: string | undefined;
  /** The name of the master: then the list is one of sentinels. */
  readonly masterName?: string | undefined;
  /** For a connection whose commands wait for work (BullMQ): they have no time limit and are never given up. */
  readonly isBlocking?: boolean;
}

/** A single server (perhaps behind sentinels) or a cluster; both take the same commands. */
export type RedisClient = Redis | Cluster;

const connectMsMax = 5000;
const commandMsMax = 5000;
const retryMsMax = 2000;

/**
 * Makes a client that connects in the background and again after every loss. Register an `error` listener. Throws a
 * `RangeError` for an address that is none.
 */
export function connectRedis(address: RedisAddress): RedisClient {
  const { connString, password, masterName } = address;
  const common = {
    connectTimeout: connectMsMax,
    ...(address.isBlocking === true
      ? { maxRetriesPerRequest: null }
      : { maxRetriesPerRequest: 2, commandTimeout: commandMsMax }),
    ...(password === undefined || password === "" ? {} : { password }),
  } satisfies RedisOptions;
  const single = { ...common, retryStrategy } satisfies RedisOptions;
  const parts = connString.split(",").map((part) => part.trim());
  if (parts.length === 1 && masterName === undefined && /^rediss?:\/\//u.test(connString)) {
    return new Redis(connString, single);
  }
  const nodes = parts.map(nodeOf);
  if (masterName !== undefined && masterName !== "") {
    return new Redis({ ...single, sentinels: nodes, name: masterName });
  }
  const [first] = nodes;
  if (nodes.length === 1 && first !== undefined) {
    return new Redis({ ...single, ...first });
  }
  return new Cluster(nodes, { redisOptions: common });
}

function retryStrategy(attempt: number): number {
  return Math.min(attempt * 100, retryMsMax);
}

function nodeOf(text: string): { readonly host: string; readonly port: number } {
  const match =
    /^(?:rediss?:\/\/)?(?:[^@]*@)?(?<host>\[[^\]]+\]|[^:/]+)(?::(?<port>\d{1,5}))?\/?\d*$/u.exec(
      text,
    );
  const host = match?.groups?.["host"];
  if (host === undefined) {
    throw new RangeError("the address of Redis is neither a URL nor a list of host:port");
  }
  return { host: host.replaceAll(/[[\]]/gu, ""), port: Number(match?.groups?.["port"] ?? 6379) };
}
