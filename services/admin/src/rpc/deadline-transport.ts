import type { Transport } from "@connectrpc/connect";

/** The same transport, whose unary calls have a deadline when they name none. Streams live as long as their reader. */
export function createDeadlineTransport(transport: Transport, deadlineMs: number): Transport {
  // oxlint-disable max-params -- the shape of these functions is given by Connect's Transport
  return {
    unary: async (method, signal, timeoutMs, ...rest) =>
      transport.unary(method, signal, timeoutMs ?? deadlineMs, ...rest),
    stream: async (...call) => transport.stream(...call),
  };
  // oxlint-enable max-params
}
