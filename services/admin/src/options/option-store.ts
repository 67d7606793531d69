/** One option to keep. */
export interface StoredOption {
  readonly key: string;
  readonly value: string;
  /** Encrypted at rest. */
  readonly isSecret: boolean;
}

/** Keeps the options that were changed from their defaults. */
export interface OptionStore {
  /** The values that are no secrets, by key. */
  readAll(): Promise<ReadonlyMap<string, string>>;
  write(option: StoredOption): Promise<void>;
}
