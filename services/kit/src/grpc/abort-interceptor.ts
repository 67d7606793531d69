import type { Interceptor } from "@connectrpc/connect";

/**
 * Server side: when a streaming call is aborted (the client left, the deadline passed, the server stops), the handler's
 * iterator is told to return, so that its `finally` blocks run even while nobody reads; and the stream ends with the
 * reason of the abort, so that it never looks complete.
 */
export const abortInterceptor: Interceptor = (next) => async (request) => {
  const response = await next(request);
  return response.stream
    ? { ...response, message: endOnAbort(response.message, request.signal) }
    : response;
};

async function* endOnAbort<Item>(
  items: AsyncIterable<Item>,
  signal: AbortSignal,
): AsyncIterable<Item> {
  const iterator = items[Symbol.asyncIterator]();
  const end = (): void => {
    // A failure in the handler's clean-up has no reader any more; the handler logs what matters.
    iterator.return?.().catch(ignore);
  };
  signal.addEventListener("abort", end, { once: true });
  try {
    for (;;) {
      const { done, value } = await iterator.next();
      signal.throwIfAborted();
      if (done === true) {
        return;
      }
      yield value;
    }
  } finally {
    signal.removeEventListener("abort", end);
  }
}

function ignore(): void {}
