/** Which channels a job is about. */
export type ChannelScope = "all" | "enabled" | "switched-off";

/** A channel, as far as jobs need to know it. */
export interface JobChannel {
  readonly id: number;
  readonly type: number;
}

/** The checks of quota's books, as quota names them. */
export type BookCheck =
  | "held"
  | "held-all"
  | "posted"
  | "batches"
  | "journals"
  | "costs"
  | "silence";

/** The outcome of one item. A bad outcome is an answer; only a service that cannot be reached is an error. */
export interface ItemOutcome {
  readonly success: boolean;
  readonly message: string;
}

/** What jobs ask of other services. Every method rejects with UNAVAILABLE when the service cannot be reached. */
export interface JobPorts {
  /** Sorted by id. */
  readonly listChannels: (
    scope: ChannelScope,
    signal: AbortSignal,
  ) => Promise<readonly JobChannel[]>;
  /** The relay tells the registry the outcome by itself. */
  readonly testChannel: (channelId: number, signal: AbortSignal) => Promise<ItemOutcome>;
  /** The types whose balance can be asked for. */
  readonly listBalanceTypes: (signal: AbortSignal) => Promise<ReadonlySet<number>>;
  /** The relay tells the registry the balance by itself. */
  readonly fetchBalance: (channelId: number, signal: AbortSignal) => Promise<ItemOutcome>;
  /** Takes back all credit whose time is over. */
  readonly expireCredit: (signal: AbortSignal) => Promise<ItemOutcome>;
  /** What does not add up is a bad outcome; quota itself raises the alarm. */
  readonly checkBooks: (check: BookCheck, signal: AbortSignal) => Promise<ItemOutcome>;
}
