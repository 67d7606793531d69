import type { User } from "@tollgate/proto/quota/v1/user_service";
import { adminFaults } from "#faults.ts";

/** Who calls, as of at most two seconds ago. */
export type Caller = SessionCaller | AccessTokenCaller;

/** Signed in with a cookie. */
export interface SessionCaller {
  readonly kind: "session";
  readonly user: User;
  /** Names the session in the store. */
  readonly sessionHash: string;
}

/** Sent a management access token. */
export interface AccessTokenCaller {
  readonly kind: "access-token";
  readonly user: User;
}

/** The caller of a route that is not public. */
export function callerOf(request: { readonly caller: Caller | undefined }): Caller {
  if (request.caller === undefined) {
    throw adminFaults.fault("NOT_SIGNED_IN");
  }
  return request.caller;
}
