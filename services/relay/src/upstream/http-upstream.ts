import type { Dispatcher } from "undici";
import { Pool } from "undici";
import type { UpstreamHead } from "#providers/provider.ts";
import { limits } from "#limits.ts";
import { Exchange } from "#upstream/exchange.ts";
import type { ProxyOptions } from "#upstream/proxies.ts";
import { createProxies } from "#upstream/proxies.ts";
import type { Upstream } from "#upstream/upstream.ts";

export interface HttpUpstreamOptions extends ProxyOptions {
  /** Milliseconds for a whole exchange, 0 = no bound beside the idle one. */
  readonly callMs: number;
  readonly headersMs?: number;
  readonly idleMs?: number;
  readonly connectMs?: number;
}

/** Speaks HTTP/1.1 to any number of origins, one pool of connections each. */
export function createHttpUpstream(options: HttpUpstreamOptions): Upstream {
  const pools = new Map<string, Dispatcher>();
  const poolOptions = {
    pipelining: 1,
    connections: limits.originConnectionsMax,
    connect: { timeout: options.connectMs ?? limits.connectMs },
    headersTimeout: options.headersMs ?? limits.upstreamHeadersMs,
    bodyTimeout: options.idleMs ?? limits.upstreamIdleMs,
    maxHeaderSize: limits.upstreamHeaderBytesMax,
    keepAliveTimeout: 60_000,
  };
  const proxies = createProxies(options, poolOptions);

  const dispatcherOf = (origin: string): Dispatcher => {
    const proxy = proxies?.dispatcherOf(origin);
    if (proxy !== undefined) {
      return proxy;
    }
    let pool = pools.get(origin);
    if (pool === undefined) {
      pool = new Pool(origin, poolOptions);
      pools.set(origin, pool);
      forgetOldest(pools);
    }
    return pool;
  };

  return {
    send: (head, body) => {
      const exchange = new Exchange(options.callMs);
      const { origin, path } = splitUrl(head);
      try {
        dispatcherOf(origin).dispatch(
          { origin, path, method: head.method, headers: head.headers, body: body ?? null },
          exchange,
        );
      } catch (error) {
        // A URL or a header that undici refuses at once.
        exchange.onResponseError(
          noController,
          error instanceof Error ? error : new Error("failed"),
        );
      }
      return exchange;
    },
    close: async () => {
      await Promise.all([
        proxies?.destroy(),
        ...[...pools.values()].map(async (pool) => pool.destroy()),
      ]);
    },
  };
}

const noController: Dispatcher.DispatchController = {
  aborted: true,
  paused: false,
  reason: null,
  abort: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
};

/** Without `new URL`: providers make absolute URLs, and this runs for every call. */
function splitUrl({ url }: UpstreamHead): { readonly origin: string; readonly path: string } {
  const slash = url.indexOf("/", url.indexOf("://") + 3);
  return slash < 0
    ? { origin: url, path: "/" }
    : { origin: url.slice(0, slash), path: url.slice(slash) };
}

function forgetOldest(pools: Map<string, Dispatcher>): void {
  const [oldest] = pools;
  if (pools.size > limits.originsMax && oldest !== undefined) {
    pools.delete(oldest[0]);
    // Its calls end as they would have; it only takes no new ones.
    void oldest[1].close();
  }
}
