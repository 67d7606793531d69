/** Every bound of the management API in one place. */
export const limits = Object.freeze({
  /** Largest request body, except for channels. */
  bodyBytesMax: 1024 * 1024,
  /** Largest body of a channel request: a thousand credentials at once. */
  channelBodyBytesMax: 8 * 1024 * 1024,
  /** Largest event of a payment provider. */
  webhookBodyBytesMax: 64 * 1024,
  /** Longest of all: an id in a path or a name in a query. */
  textLengthMax: 256,
  /** Rows of one page. */
  pageSizeMax: 200,
  /** One API's page size, used when a client names none. */
  pageSizeDefault: 10,
  /** Rows that may be skipped. */
  offsetMax: 1_000_000,
  /** Rows that a search without pages answers with. */
  searchRowsMax: 200,
  /** Rows that a log search answers with, as in One API. */
  logSearchRowsMax: 100,
  /** Ids of one batch. */
  batchIdsMax: 1000,
  /** Largest amount in quota units whose nano-USD fit 64 bits. */
  quotaUnitsMax: 4_600_000_000_000_000,
  /** Deadline of a call to another service. */
  rpcDeadlineMs: 10_000,
  /** Deadline of one run of a check of the books: quota ends a run after 20 seconds, at the end of a page. */
  checkDeadlineMs: 60_000,
  /** How long one request to re-rate calls goes on before it answers with what it has. */
  reRateMs: 20_000,
  /** Users and models of one answer. */
  reRateRowsMax: 20_000,
  /** Deadline of what the status page asks: it is better incomplete than late. */
  statusDeadlineMs: 2000,
  /** Deadline of a call that waits for an upstream. */
  probeDeadlineMs: 120_000,
  /** How long a user's data is taken from memory: bans act within this time. */
  userCacheMs: 2000,
  userCacheRowsMax: 10_000,
  /** How long options are taken from memory. */
  optionCacheMs: 2000,
  /** How often the services behind are asked whether they answer, and how old their last answer may be. */
  readinessCheckMs: 5000,
  readinessAgeMsMax: 15_000,
  /** How long the list of channel types is taken from memory. */
  channelTypeCacheMs: 60_000,
  /** Addresses and accounts that the login throttle remembers. */
  throttleEntriesMax: 50_000,
  /** Live streams of one user, and of all users. */
  streamsPerUserMax: 10,
  streamsMax: 2000,
  /** Events that wait for a slow reader before the oldest are dropped. */
  streamQueueMax: 500,
  streamHeartbeatMs: 15_000,
});
