import type { Dispatcher, Pool } from "undici";
import { EnvHttpProxyAgent, ProxyAgent } from "undici";

/** Where calls go through a proxy. URLs such as `http://user:password@host:port`. */
export interface ProxyOptions {
  /** For every call; then the others are not looked at. */
  readonly proxyUrl?: string | undefined;
  /** For upstreams whose address begins with http:// */
  readonly httpProxyUrl?: string | undefined;
  /** For upstreams whose address begins with https:// */
  readonly httpsProxyUrl?: string | undefined;
  /** Hosts that the last two do not concern, separated by commas; those below a named one are meant, too. */
  readonly noProxy?: string | undefined;
}

/** The proxies of a process. */
export interface Proxies {
  /** What sends the calls of an origin, or undefined where no proxy is meant for it. */
  readonly dispatcherOf: (origin: string) => Dispatcher | undefined;
  readonly destroy: () => Promise<void>;
}

// As One API does: a model server on this machine is never asked for through a proxy.
const thisMachine = "localhost,127.0.0.1,::1";

/** Makes the proxies; undefined when none is set, so that the usual path does not ask. */
export function createProxies(
  options: ProxyOptions,
  connections: Pool.Options,
): Proxies | undefined {
  const { proxyUrl, httpProxyUrl, httpsProxyUrl, noProxy } = options;
  if (proxyUrl !== undefined) {
    const agent = new ProxyAgent({ ...connections, uri: proxyUrl });
    return { dispatcherOf: () => agent, destroy: async () => agent.destroy() };
  }
  if (httpProxyUrl === undefined && httpsProxyUrl === undefined) {
    return undefined;
  }
  // Every value is given, an absent one as an empty text: else the agent reads the environment on its own.
  const agent = new EnvHttpProxyAgent({
    ...connections,
    httpProxy: httpProxyUrl ?? "",
    httpsProxy: httpsProxyUrl ?? "",
    noProxy: noProxy === undefined ? thisMachine : `${noProxy},${thisMachine}`,
  });
  const isMeant = (origin: string): boolean =>
    (origin.startsWith("https:") ? httpsProxyUrl : httpProxyUrl) !== undefined;
  return {
    dispatcherOf: (origin) => (isMeant(origin) ? agent : undefined),
    destroy: async () => agent.destroy(),
  };
}
