import type { RequestListener, ServerResponse } from "node:http";

/** Knows which requests are being answered. */
export interface InFlight {
  /** The same listener, whose requests are counted until their response has ended or broken. */
  count(listener: RequestListener): RequestListener;
  /** Resolves when no request is under way, or when the deadline has passed. */
  idle(deadline: AbortSignal): Promise<void>;
}

/** Makes a counter. */
export function createInFlight(): InFlight {
  const responses = new Set<ServerResponse>();
  let wake = (): void => undefined;
  return {
    count: (listener) => (request, response) => {
      responses.add(response);
      response.once("close", () => {
        responses.delete(response);
        wake();
      });
      listener(request, response);
    },
    async idle(deadline) {
      while (responses.size > 0 && !deadline.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          deadline.addEventListener("abort", () => resolve(), { once: true });
        });
      }
    },
  };
}
