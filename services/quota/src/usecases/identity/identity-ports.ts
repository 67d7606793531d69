/** What the use cases of users, keys, options and the log need from the world. */
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import type { ApiKey, KeyOwner, KeyStatus, StoredKeyStatus } from "#domain/api-key.ts";
import type { ListPage, Page } from "#domain/list-range.ts";
import type {
  Activity,
  LogFilter,
  LogRow,
  LogSum,
  NewActivity,
  SeriesPoint,
  SeriesQuery,
} from "#domain/log-entry.ts";
import type { OptionKey } from "#domain/option.ts";
import type { User, UserStatus } from "#domain/user.ts";
import type { Tx } from "#usecases/transaction.ts";

/** A user to be written. Secrets are hashes by now. */
export interface NewUser {
  readonly username: string;
  readonly displayName: string;
  readonly role: number;
  readonly email: string;
  readonly group: string;
  /** "" = none. */
  readonly passwordHash: string;
  readonly accessTokenHash: string | undefined;
  readonly invitationCode: string;
  readonly inviterId: number;
  readonly createdAt: number;
}

/** Columns of a user to be changed; an absent one stays. */
export interface UserPatch {
  readonly username?: string;
  readonly displayName?: string;
  readonly role?: number;
  readonly status?: UserStatus;
  readonly email?: string;
  readonly group?: string;
  readonly isStrict?: boolean;
  readonly passwordHash?: string;
  /** undefined inside the object forgets the token. */
  readonly accessToken?: { readonly hash: string | undefined };
  readonly hasNewSessions?: boolean;
}

/** A user and what signing in is checked against. */
export interface UserLogin {
  readonly user: User;
  readonly passwordHash: string;
  readonly hasAccessToken: boolean;
}

/** Fields that a list of users can be sorted by. */
export const userSorts = [
  "id",
  "username",
  "balance_nanos",
  "used_nanos",
  "request_count",
  "created_at",
] as const;

/** Which users are meant; an absent field matches all. */
export interface UserFilter {
  readonly role?: number;
  /** Absent = all but deleted ones. */
  readonly status?: UserStatus;
  readonly group?: string;
}

/** Users at rest. */
export interface UserStore {
  readonly insert: (user: NewUser, tx: Tx) => Promise<number>;
  readonly update: (id: number, patch: UserPatch, tx: Tx) => Promise<void>;
  readonly find: (id: number, tx?: Tx) => Promise<User | undefined>;
  readonly findByUsername: (username: string, tx?: Tx) => Promise<User | undefined>;
  readonly findByInvitationCode: (code: string, tx?: Tx) => Promise<User | undefined>;
  readonly findByAccessTokenHash: (hash: string) => Promise<User | undefined>;
  /** By username, else by e-mail address. */
  readonly findLogin: (name: string) => Promise<UserLogin | undefined>;
  readonly findLoginById: (id: number) => Promise<UserLogin | undefined>;
  readonly findRoot: (tx?: Tx) => Promise<UserLogin | undefined>;
  /** Another user who holds one of the names, as a username or as an e-mail address: both open the sign-in. */
  readonly findHolder: (names: TakenNames, tx?: Tx) => Promise<NameHolder | undefined>;
  readonly list: (
    filter: UserFilter,
    page: ListPage<(typeof userSorts)[number]>,
  ) => Promise<Page<User>>;
}

/** Names that are about to be taken; "" = none. */
export interface TakenNames {
  readonly username?: string;
  readonly email?: string;
  /** The user who takes them. */
  readonly exceptId?: number;
}

/** Who holds a name already, and which one. */
export interface NameHolder {
  readonly id: number;
  readonly holds: "username" | "email";
}

/** A key to be written. */
export interface NewKey {
  readonly userId: number;
  readonly name: string;
  readonly secretHash: string;
  readonly hint: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly models: readonly string[];
  readonly subnets: readonly string[];
}

/** Columns of a key to be changed; an absent one stays. */
export interface KeyPatch {
  readonly status?: StoredKeyStatus;
  readonly name?: string;
  readonly expiresAt?: number;
  readonly models?: readonly string[];
  readonly subnets?: readonly string[];
}

/** A key that a credential leads to, with its owner. */
export interface FoundKey {
  readonly secretHash: string;
  readonly key: ApiKey;
  readonly owner: KeyOwner;
}

/** Fields that a list of keys can be sorted by. */
export const keySorts = [
  "name",
  "status",
  "created_at",
  "accessed_at",
  "expires_at",
  "remaining_nanos",
  "used_nanos",
] as const;

/** Which keys are meant; an absent field matches all. */
export interface KeyFilter {
  readonly userId?: number;
  readonly status?: KeyStatus;
  readonly nowSeconds: number;
}

/** Keys at rest. */
export interface KeyStore {
  readonly insert: (key: NewKey, tx: Tx) => Promise<number>;
  readonly setSealedSecret: (id: number, sealed: string, tx: Tx) => Promise<void>;
  readonly update: (id: number, patch: KeyPatch, tx: Tx) => Promise<void>;
  readonly remove: (id: number, tx: Tx) => Promise<void>;
  /** `userId` undefined = whoever owns it. */
  readonly find: (
    key: { readonly id: number; readonly userId: number | undefined },
    tx?: Tx,
  ) => Promise<ApiKey | undefined>;
  /** At most two hashes. */
  readonly findBySecretHashes: (hashes: readonly string[], tx?: Tx) => Promise<readonly FoundKey[]>;
  /** Counts no further than `max`. */
  readonly countOf: (userId: number, max: number, tx: Tx) => Promise<number>;
  readonly readSealedSecrets: (
    userId: number,
    ids: readonly number[],
  ) => Promise<ReadonlyMap<number, string>>;
  readonly list: (
    filter: KeyFilter,
    page: ListPage<(typeof keySorts)[number]>,
  ) => Promise<Page<ApiKey>>;
}

/** What a key may spend and has spent; the money half keeps it. */
export interface KeyCaps {
  readonly create: (cap: NewKeyCap, tx: Tx) => Promise<void>;
  /** An absent field stays. */
  readonly update: (cap: KeyCapPatch, tx: Tx) => Promise<void>;
  /** No new lease on the key; the counters stay for calls that run. */
  readonly close: (keyId: number, tx: Tx) => Promise<void>;
}

/** The cap of a new key. */
export interface NewKeyCap {
  readonly keyId: number;
  readonly userId: number;
  readonly isUnlimited: boolean;
  readonly remainingNanos: NanoUsd;
}

/** A change of a cap. */
export interface KeyCapPatch {
  readonly keyId: number;
  readonly isUnlimited?: boolean;
  readonly remainingNanos?: NanoUsd;
}

/** A gift of the platform: once for each `requestId`. */
export interface Gift {
  readonly requestId: string;
  readonly userId: number;
  readonly kind: "gift" | "new-user-credit" | "invite-reward";
  readonly amountNanos: NanoUsd;
  /** A sentence without the amount, for the ledger and the log. */
  readonly remark: string;
  /** When what is not spent of it is taken back; 0 = never. */
  readonly expiresAtMs: number;
}

/** Wallets; the money half keeps them. */
export interface Wallets {
  readonly open: (userId: number, tx: Tx) => Promise<void>;
  readonly give: (gift: Gift, tx: Tx) => Promise<void>;
}

/** Options at rest. Only those that were ever set are there. */
export interface OptionStore {
  /** All stored options, and a number that grows with every change. */
  readonly readAll: (tx?: Tx) => Promise<StoredOptions>;
  readonly readRevision: () => Promise<number>;
  readonly write: (
    option: { readonly key: OptionKey; readonly value: string; readonly actorId: number },
    tx: Tx,
  ) => Promise<void>;
}

/** What {@link OptionStore} holds. */
export interface StoredOptions {
  readonly revision: number;
  readonly values: ReadonlyMap<string, string>;
}

/** The activity half of the log. */
export interface ActivityStore {
  /** Answers the row as written, with its id and the user's name. */
  readonly append: (activity: NewActivity, tx?: Tx) => Promise<Activity>;
  /** Removes at most `max` rows older than the moment; answers how many. */
  readonly removeBefore: (beforeMs: number, max: number) => Promise<number>;
}

/** Secrets of users and keys. Hashes are keyed, so that a stolen database opens nothing. */
export interface CredentialVault {
  readonly newKeySecret: () => string;
  readonly newAccessToken: () => string;
  readonly newInvitationCode: () => string;
  readonly hashKeySecret: (secret: string) => string;
  readonly hashAccessToken: (token: string) => string;
  readonly sealKeySecret: (keyId: number, secret: string) => string;
  readonly openKeySecret: (keyId: number, sealed: string) => string;
}

/** Passwords, hashed slowly and off the event loop. Throws PASSWORD_CHECK_BUSY when too many wait. */
export interface PasswordHasher {
  readonly hash: (password: string) => Promise<string>;
  /** Takes as long for a user who does not exist (`undefined`) as for one who does. */
  readonly verify: (password: string, stored: string | undefined) => Promise<PasswordVerdict>;
}

/** How a presented password compares. */
export interface PasswordVerdict {
  readonly isRight: boolean;
  /** The password is stored at another cost than today's. */
  readonly isOutdated: boolean;
}

/** Fields that the log can be sorted by. */
export const logSorts = [
  "created_at",
  "cost_nanos",
  "duration_ms",
  "prompt_tokens",
  "completion_tokens",
] as const;

/** The log, for reading. */
export interface LogReader {
  readonly search: (
    filter: LogFilter,
    page: ListPage<(typeof logSorts)[number]>,
  ) => Promise<Page<LogRow>>;
  /** Sums settled calls; from roll-ups when the filter allows. */
  readonly sum: (filter: LogFilter) => Promise<LogSum>;
  /** Sums the settled calls since a moment, from rows. */
  readonly sumSince: (filter: LogFilter, sinceMs: number) => Promise<LogSum>;
  readonly readSeries: (query: SeriesQuery) => Promise<readonly SeriesPoint[]>;
}

/** New activity rows of this process, for live views. */
export interface ActivityFeed {
  readonly publish: (activity: Activity) => void;
  /** Listeners must be quick and must not throw. Returns what ends the subscription. */
  readonly subscribe: (listener: (activity: Activity) => void) => () => void;
}
