/** Every bound of the relay that is not configured. */
export const limits = Object.freeze({
  /** Characters of a model's name. */
  modelCharsMax: 256,
  /** Milliseconds for a client to send its body. */
  bodyReadMs: 60_000,
  /** Bytes of a body after decompression, as a multiple of the configured limit for bodies. */
  inflateFactor: 4,
  /** Calls at once in one process. */
  callsMax: 10_000,
  /** Milliseconds that a call waits for money. */
  leaseWaitMs: 2000,
  /** Milliseconds for a question to quota or registry. */
  questionMs: 5000,
  /** Milliseconds that a probe waits for a channel that the routing table does not hold yet. */
  newChannelWaitMs: 2000,
  /** Output tokens reserved for a choice without a bound of its own. */
  outputTokensDefault: 4096,
  /** Output tokens of a choice that a stream reserves at first, and by which it extends its reservation. */
  outputTokensStep: 2048,
  /** More tokens than any model reads or writes in one call: a report beyond it is quarantined. */
  usageTokensMax: 16 * 1024 * 1024,
  /** Tokens that an inline picture or document is taken to be. */
  mediaTokens: 1500,
  /** Bytes of a whole reply. */
  replyBytesMax: 64 * 1024 * 1024,
  /** Bytes of a failed reply that are read for its message. */
  failureBytesMax: 64 * 1024,
  /** Bytes of headers of an upstream's reply. */
  upstreamHeaderBytesMax: 32 * 1024,
  connectMs: 5000,
  /** Milliseconds to the headers of an upstream's reply. */
  upstreamHeadersMs: 300_000,
  /** Milliseconds between two pieces of an upstream's body. */
  upstreamIdleMs: 60_000,
  /** Connections to one origin. */
  originConnectionsMax: 4096,
  /** Origins with open connections. */
  originsMax: 2000,
  /** Milliseconds that a call is read to its end after its client has left. */
  drainMs: 300_000,
  /** Bytes of a stream that are read after its client has left. */
  drainBytesMax: 16 * 1024 * 1024,
  /** Calls at once that are read to their end for nobody. */
  drainsMax: 200,
  /** Milliseconds that the end of a call waits for its tokens to be counted. */
  countMs: 2000,
  /** Calls at once whose tokens are to be counted. */
  countsMax: 64,
  /** Characters of one call, in and out, that are counted. */
  countCharsMax: 2 * 1024 * 1024,
  /** Characters of one answer that are kept for counting, and of all that run. */
  keptCharsMax: 512 * 1024,
  keptTotalCharsMax: 64 * 1024 * 1024,
  /** Keys of idempotency that are remembered, and for how long. */
  idempotencyKeysMax: 100_000,
  idempotencyKeptMs: 86_400_000,
  /** Segments of the journal in which they are looked for at a start, and how long a call waits for that. */
  idempotencySegmentsMax: 32,
  idempotencyWaitMs: 5000,
  /** Bytes of content between two checkpoints of a stream, about 48 tokens: with what its client gets while one is written, 64. */
  checkpointBytes: 192,
  checkpointMs: 1000,
  /** Milliseconds after which checkpoints say all that is needed to bill the call if this disk is lost. */
  longCallMs: 5000,
  /** Milliseconds that a client may leave its answer unread. */
  clientStallMs: 120_000,
  /** Milliseconds to hand the journal over at a stop. */
  shipAtStopMs: 5000,
});
