import type { KeyGrant } from "#ledgering/key-grants.ts";
import type { ClientLink } from "#pipeline/client-link.ts";
import type { IdempotencyClaim } from "#pipeline/idempotency-keys.ts";
import type { CallBrief, Surface } from "#surfaces/surface.ts";

/** A call that was read and whose key is known. */
export interface IncomingCall {
  /** UUIDv7, 16 bytes. */
  readonly id: Uint8Array;
  readonly idText: string;
  readonly surface: Surface;
  readonly brief: CallBrief;
  readonly grant: KeyGrant;
  /** The client's bytes after decompression. */
  readonly body: Uint8Array;
  /** The same, parsed. */
  readonly json: Readonly<Record<string, unknown>>;
  readonly clientHeaders: Readonly<Record<string, string | undefined>>;
  readonly clientIp: string;
  readonly client: ClientLink;
  /** The caller's key of idempotency; absent = it sent none. */
  readonly claim?: IdempotencyClaim | undefined;
  /** Milliseconds since 1970. */
  readonly startedAtMs: number;
  /** Monotonic. */
  readonly startedMonotonicMs: number;
}
