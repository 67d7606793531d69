/** The way back to the client, as the pipeline needs it. Nothing here throws when the client has left. */
export interface ClientLink {
  /** The client closed its connection before it had the whole answer. */
  readonly isGone: () => boolean;
  /** Told once when the client leaves, at once if it has left. One listener; `undefined` = nobody. */
  readonly onGone: (listener: (() => void) | undefined) => void;
  /** Milliseconds (monotonic) at which the first byte was handed over, 0 = none was. */
  readonly firstByteAtMs: () => number;
  /** Whatever is sent from now on tells in a header that each choice's output was bounded by so many tokens. */
  readonly tellOutputCap: (tokens: number) => void;
  /** Sends a whole answer. */
  readonly sendWhole: (answer: WholeAnswer) => void;
  /** Sends the head of an event stream. */
  readonly openStream: () => void;
  /** Hands bytes over; false = the client reads too slowly, wait for {@link onDrain}. */
  readonly write: (bytes: Uint8Array | string) => boolean;
  /** Told whenever the client has caught up. */
  readonly onDrain: (listener: () => void) => void;
  /** Ends the stream. */
  readonly end: (last: Uint8Array | string) => void;
}

export interface WholeAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array | string;
  readonly retryAfterMs?: number | undefined;
  /** The call that this one repeats, for a header. */
  readonly firstRequestId?: string | undefined;
}
