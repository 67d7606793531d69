import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { experimental } from "@grpc/grpc-js";
import { experimental as grpc, status } from "@grpc/grpc-js";
import { Metadata } from "@grpc/grpc-js";

const scheme = "hosts";
const resolutionGapMs = 2000;
const reresolveEveryMs = 30_000;

type Endpoint = experimental.Endpoint;
type Listener = experimental.ResolverListener;

let isRegistered = false;

/**
 * Teaches grpc-js targets of the form "hosts:a:1,b:2": every name is looked up, all addresses together form one list, and
 * the look-up is repeated every 30 seconds and whenever a connection breaks, so that new replicas are found.
 */
export function registerHostListResolver(): void {
  if (!isRegistered) {
    isRegistered = true;
    grpc.registerResolver(scheme, HostListResolver);
  }
}

// A class because grpc-js constructs its resolvers.
class HostListResolver implements experimental.Resolver {
  readonly #hosts: readonly string[];
  readonly #listener: Listener;
  #resolvedAtMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #isResolving = false;
  #isDestroyed = false;

  constructor(target: experimental.GrpcUri, listener: Listener) {
    this.#hosts = target.path.split(",");
    this.#listener = listener;
  }

  static getDefaultAuthority(target: experimental.GrpcUri): string {
    return target.path.split(",")[0] ?? target.path;
  }

  updateResolution(): void {
    this.#isDestroyed = false;
    if (this.#isResolving) {
      return;
    }
    const sinceMs = performance.now() - this.#resolvedAtMs;
    this.#schedule(this.#resolvedAtMs === 0 ? 0 : Math.max(0, resolutionGapMs - sinceMs));
  }

  destroy(): void {
    this.#isDestroyed = true;
    clearTimeout(this.#timer);
  }

  #schedule(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#resolve(), delayMs);
    // An idle channel must not keep the process alive.
    this.#timer.unref();
  }

  async #resolve(): Promise<void> {
    this.#isResolving = true;
    const results = await Promise.allSettled(this.#hosts.map(async (host) => endpointsOf(host)));
    this.#isResolving = false;
    this.#resolvedAtMs = performance.now();
    if (this.#isDestroyed) {
      return;
    }
    const endpoints = results.flatMap((result) =>
      result.status === "fulfilled" ? result.value : [],
    );
    this.#listener(
      endpoints.length > 0
        ? grpc.statusOrFromValue(endpoints)
        : grpc.statusOrFromError({
            code: status.UNAVAILABLE,
            details: `cannot resolve ${this.#hosts.join(",")}`,
            metadata: new Metadata(),
          }),
      {},
      null,
      "",
    );
    this.#schedule(endpoints.length > 0 ? reresolveEveryMs : resolutionGapMs);
  }
}

async function endpointsOf(hostPort: string): Promise<Endpoint[]> {
  const colon = hostPort.lastIndexOf(":");
  const host = hostPort.slice(0, colon).replaceAll(/[[\]]/gu, "");
  const port = Number(hostPort.slice(colon + 1));
  const addresses = isIP(host) > 0 ? [{ address: host }] : await lookup(host, { all: true });
  return addresses.map(({ address }) => ({ addresses: [{ host: address, port }] }));
}
