import type { ConnectRouter, HandlerContext } from "@connectrpc/connect";
import { Code, ConnectError } from "@connectrpc/connect";
import type { HealthCheckRequest } from "@tollgate/proto/grpc/health/v1/health";
import {
  Health,
  HealthCheckResponse_ServingStatus as Status,
} from "@tollgate/proto/grpc/health/v1/health";
import { setTimeout as delay } from "node:timers/promises";

const pollMs = 500;

/** What the health service reports. */
export interface HealthSource {
  /** Asked at every call, and twice a second while somebody watches. */
  readonly isServing: () => boolean;
  /** The full names of the services of this process. */
  readonly serviceNames: () => ReadonlySet<string>;
}

/** Adds `grpc.health.v1.Health` to a router. The empty name and every service of the process have the same state. */
export function registerHealthService(router: ConnectRouter, source: HealthSource): void {
  const isKnown = (name: string): boolean => name === "" || source.serviceNames().has(name);
  const statusOf = (name: string): Status => {
    if (!isKnown(name)) {
      return Status.SERVICE_UNKNOWN;
    }
    return source.isServing() ? Status.SERVING : Status.NOT_SERVING;
  };
  router.service(Health, {
    check: ({ service }: HealthCheckRequest) => {
      if (!isKnown(service)) {
        throw new ConnectError("unknown service", Code.NotFound);
      }
      return { status: statusOf(service) };
    },
    async *watch({ service }: HealthCheckRequest, { signal }: HandlerContext) {
      let reported: Status | undefined;
      while (!signal.aborted) {
        const status = statusOf(service);
        if (status !== reported) {
          reported = status;
          yield { status };
        }
        await delay(pollMs, undefined, { signal }).catch(ignoreAbort);
      }
    },
  });
}

// The loop ends by itself when the signal is aborted.
function ignoreAbort(): void {}
