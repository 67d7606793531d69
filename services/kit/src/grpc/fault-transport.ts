import type { Transport } from "@connectrpc/connect";
import { faultFromError, translateIterable } from "../fault/grpc.ts";

/**
 * The same transport, whose failed calls reject with a `Fault`. An interceptor cannot do that: the runtime wraps whatever
 * it throws. A reader that leaves a stream early must abort the signal of its call; Connect clients do not report it.
 */
export function createFaultTransport(transport: Transport): Transport {
  return {
    unary: async (...call) => {
      try {
        return await transport.unary(...call);
      } catch (error) {
        throw faultFromError(error);
      }
    },
    stream: async (...call) => {
      try {
        const response = await transport.stream(...call);
        return { ...response, message: translateIterable(response.message, faultFromError) };
      } catch (error) {
        throw faultFromError(error);
      }
    },
  };
}
