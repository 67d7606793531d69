/** A signed-in browser. Times are seconds since 1970. */
export interface SessionRecord {
  /** SHA-256 of the session's id, in hexadecimal: the id itself is known to the browser only. */
  readonly hash: string;
  readonly userId: bigint;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly expiresAt: number;
  /** The user's session version at sign-in; the session is over when the user's has moved on. */
  readonly sessionVersion: number;
}

/** Keeps sessions. */
export interface SessionStore {
  insert(session: SessionRecord): Promise<void>;
  find(hash: string): Promise<SessionRecord | undefined>;
  touch(hash: string, lastSeenAt: number): Promise<void>;
  remove(hash: string): Promise<void>;
  removeOfUser(userId: bigint): Promise<void>;
  /** Removes sessions that ended before `expiresBefore` or were last seen before `seenBefore`. */
  removeStale(bounds: {
    readonly expiresBefore: number;
    readonly seenBefore: number;
  }): Promise<void>;
}
