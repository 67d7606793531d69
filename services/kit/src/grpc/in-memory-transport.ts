import type { ConnectRouter, Transport } from "@connectrpc/connect";
import { createRouterTransport } from "@connectrpc/connect";
import { faultInterceptor } from "../fault/grpc.ts";
import type { Logger } from "../logging/logger.ts";
import { abortInterceptor } from "./abort-interceptor.ts";
import { createFaultTransport } from "./fault-transport.ts";

/** Calls the handlers in this process: same messages, same faults as over the network, no socket. */
export function createInMemoryTransport(
  routes: (router: ConnectRouter) => void,
  logger: Pick<Logger, "error">,
): Transport {
  return createFaultTransport(
    createRouterTransport(routes, {
      router: { interceptors: [faultInterceptor(logger), abortInterceptor] },
    }),
  );
}
