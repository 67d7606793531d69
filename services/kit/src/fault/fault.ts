import { Code } from "@connectrpc/connect";

/** Whose fault it is: the caller's, ours, or an upstream's. */
export type FaultOwner = "caller" | "platform" | "upstream";

/** What a {@link Fault} is made of. */
export interface FaultDetails {
  /** UPPER_SNAKE_CASE, unique within the domain. */
  readonly reason: string;
  /** Who defines the reason, for example "quota.tollgate". */
  readonly domain: string;
  readonly owner: FaultOwner;
  /** Safe for a customer. */
  readonly publicMessage: string;
  readonly code: Code;
  readonly retryAfterMs?: number;
  /** Facts for programs. Never a secret. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** What stops a call on purpose. `message` and `cause` are for us; `publicMessage` and `metadata` may reach a customer. */
export class Fault extends Error {
  readonly reason: string;
  readonly domain: string;
  readonly owner: FaultOwner;
  readonly publicMessage: string;
  readonly code: Code;
  readonly retryAfterMs?: number;
  readonly metadata: Readonly<Record<string, string>>;

  constructor(details: FaultDetails) {
    super(`${details.reason}: ${details.publicMessage}`, { cause: details.cause });
    this.name = "Fault";
    this.reason = details.reason;
    this.domain = details.domain;
    this.owner = details.owner;
    this.publicMessage = details.publicMessage;
    this.code = details.code;
    this.metadata = Object.freeze({ ...details.metadata });
    if (details.retryAfterMs !== undefined) {
      this.retryAfterMs = details.retryAfterMs;
    }
  }
}

/** One row of a service's table of faults. */
export interface FaultDefinition {
  readonly owner: FaultOwner;
  readonly code: Code;
  /** The public sentence. */
  readonly sentence: string;
}

/** What may differ between two faults of one reason. */
export interface FaultOptions {
  readonly metadata?: Readonly<Record<string, string>>;
  readonly retryAfterMs?: number;
  /** Replaces the public sentence of the table. */
  readonly sentence?: string;
  /** For the log only. */
  readonly cause?: unknown;
}

/** The only maker of a service's faults, and the test for them. */
export interface FaultFactory<Reason extends string> {
  readonly fault: (reason: Reason, options?: FaultOptions) => Fault;
  /** True for a fault of this domain and reason, also one that came over the wire. */
  readonly is: (reason: Reason, error: unknown) => error is Fault;
}

/** Declares the closed list of a domain's faults. */
export function defineFaults<const Table extends Readonly<Record<string, FaultDefinition>>>(
  domain: string,
  table: Table,
): FaultFactory<keyof Table & string> {
  return {
    fault: (reason, options = {}) => {
      const definition = table[reason];
      if (definition === undefined) {
        throw new TypeError(`${domain} defines no fault ${reason}`);
      }
      const { sentence, ...rest } = options;
      return new Fault({
        reason,
        domain,
        owner: definition.owner,
        code: definition.code,
        publicMessage: sentence ?? definition.sentence,
        ...rest,
      });
    },
    is: (reason, error): error is Fault => isFault(error, reason) && error.domain === domain,
  };
}

/** True for any fault, or for one of this reason whatever its domain. */
export function isFault(error: unknown, reason?: string): error is Fault {
  return error instanceof Fault && (reason === undefined || error.reason === reason);
}

/** The domain of the faults that every service can meet. */
export const platformDomain = "platform.tollgate";

/** Faults of the platform itself, raised by kit. */
export const platformFaults = defineFaults(platformDomain, {
  INTERNAL: {
    owner: "platform",
    code: Code.Internal,
    sentence: "Something went wrong on our side.",
  },
  UNAVAILABLE: {
    owner: "platform",
    code: Code.Unavailable,
    sentence: "A part of the service cannot be reached just now. Please try again.",
  },
  DEADLINE_EXCEEDED: {
    owner: "platform",
    code: Code.DeadlineExceeded,
    sentence: "The service took too long to answer. Please try again.",
  },
  CANCELED: {
    owner: "caller",
    code: Code.Canceled,
    sentence: "The call was cancelled.",
  },
  DATA_DIR_IN_USE: {
    owner: "platform",
    code: Code.FailedPrecondition,
    sentence: "Another process is using the data directory.",
  },
  DATABASE_BUSY: {
    owner: "platform",
    code: Code.Unavailable,
    sentence: "The database is busy. Please try again.",
  },
});
