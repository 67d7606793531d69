import type { UpstreamFault } from "#conversation/upstream-fault.ts";
import type { UpstreamHead } from "#providers/provider.ts";

/** Sends requests to upstreams. */
export interface Upstream {
  /** `undefined` body = none. */
  readonly send: (head: UpstreamHead, body: string | Uint8Array | undefined) => UpstreamExchange;
  readonly close: () => Promise<void>;
}

/** One request under way. */
export interface UpstreamExchange {
  /** Resolves when the headers are there or it is clear that none will come; never rejects. */
  readonly reply: Promise<UpstreamReply | UpstreamFailure>;
  /** Ends the exchange; the body, if it was being read, ends with the fault `ABORTED`. */
  readonly abort: () => void;
}

export interface UpstreamFailure {
  readonly kind: "failure";
  readonly fault: UpstreamFault;
}

/** The head of a reply; its body waits until it is read. */
export interface UpstreamReply {
  readonly kind: "reply";
  readonly status: number;
  /** Lower-case names; of a header that came more than once the first one. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** To be called once, also if the body is of no interest. */
  readonly read: (sink: BodySink) => void;
  readonly pause: () => void;
  readonly resume: () => void;
}

/** Takes a body. Exactly one of `onEnd` and `onFault` is called, last. */
export interface BodySink {
  readonly onChunk: (chunk: Uint8Array) => void;
  readonly onEnd: () => void;
  readonly onFault: (fault: UpstreamFault) => void;
}
