/** Finds out who calls: a session cookie first, then an access token, as in One API. */
import { Code } from "@connectrpc/connect";
import { Fault } from "@tollgate/kit/fault/fault";
import type { User } from "@tollgate/proto/quota/v1/user_service";
import { UserStatus } from "@tollgate/proto/quota/v1/user_service";
import { adminFaults } from "#faults.ts";
import { limits } from "#limits.ts";
import type { RpcClients } from "#rpc/rpc-clients.ts";
import type { Caller } from "./caller.ts";
import type { SessionRecord } from "./session-store.ts";
import type { Sessions } from "./sessions.ts";
import type { UserCache } from "./user-cache.ts";

/** What a request presents. */
export interface Credentials {
  readonly cookie: string | undefined;
  readonly authorization: string | undefined;
}

/** Who calls. `sessionIsOver` asks for the cookie to be taken away. */
export type Authentication =
  | { readonly kind: "caller"; readonly caller: Caller }
  | { readonly kind: "refused"; readonly fault: Fault; readonly sessionIsOver: boolean };

/** Finds out who calls. */
export interface Authenticator {
  authenticate(credentials: Credentials): Promise<Authentication>;
  /** The same caller with fresh data, or `undefined` when they may not call any more. */
  refresh(caller: Caller): Promise<Caller | undefined>;
}

/** What the authenticator asks. */
export interface AuthenticatorPorts {
  readonly sessions: Sessions;
  readonly userCache: UserCache;
  readonly rpc: Pick<RpcClients, "users">;
}

/** Makes the authenticator of this service. */
export function createAuthenticator(ports: AuthenticatorPorts): Authenticator {
  return {
    async authenticate({ cookie, authorization }) {
      const bySession = cookie === undefined ? undefined : await readSession(ports, cookie);
      if (bySession !== undefined && bySession.kind !== "over") {
        return bySession;
      }
      if (authorization !== undefined && authorization !== "") {
        return readAccessToken(ports, authorization);
      }
      const fault = adminFaults.fault("NOT_SIGNED_IN");
      return { kind: "refused", fault, sessionIsOver: bySession !== undefined };
    },
    async refresh(caller) {
      if (caller.kind === "session") {
        const session = await ports.sessions.find(caller.sessionHash);
        const isOver = session === undefined || session.userId !== caller.user.id;
        const user = isOver ? undefined : await readOwner(ports.userCache, session);
        const isValid = user?.sessionVersion === session?.sessionVersion && isEnabled(user);
        return isValid ? { ...caller, user } : undefined;
      }
      const user = await ports.userCache.read(caller.user.id);
      return isEnabled(user) ? { ...caller, user } : undefined;
    },
  };
}

async function readSession(
  { sessions, userCache }: AuthenticatorPorts,
  cookie: string,
): Promise<Authentication | { readonly kind: "over" }> {
  const session = await sessions.read(cookie);
  if (session === undefined) {
    return { kind: "over" };
  }
  const user = await readOwner(userCache, session);
  if (user !== undefined && user.status === UserStatus.DISABLED) {
    await sessions.endAllOf(user.id);
    return { kind: "refused", fault: adminFaults.fault("USER_BANNED"), sessionIsOver: true };
  }
  if (!isEnabled(user) || user.sessionVersion !== session.sessionVersion) {
    await sessions.end(session.hash);
    return { kind: "over" };
  }
  return { kind: "caller", caller: { kind: "session", user, sessionHash: session.hash } };
}

/** The user of a session. What is remembered may be older than the session: it is not trusted to end it. */
async function readOwner(userCache: UserCache, session: SessionRecord): Promise<User | undefined> {
  const known = await userCache.read(session.userId);
  if (known?.sessionVersion === session.sessionVersion) {
    return known;
  }
  userCache.forget(session.userId);
  return userCache.read(session.userId);
}

async function readAccessToken(
  { rpc }: AuthenticatorPorts,
  authorization: string,
): Promise<Authentication> {
  const accessToken = authorization.replace(/^Bearer\s+/iu, "").trim();
  const user = await findOwner(rpc, accessToken);
  if (user?.status === UserStatus.DISABLED) {
    return { kind: "refused", fault: adminFaults.fault("USER_BANNED"), sessionIsOver: false };
  }
  return isEnabled(user)
    ? { kind: "caller", caller: { kind: "access-token", user } }
    : {
        kind: "refused",
        fault: adminFaults.fault("ACCESS_TOKEN_INVALID"),
        sessionIsOver: false,
      };
}

async function findOwner(
  rpc: Pick<RpcClients, "users">,
  accessToken: string,
): Promise<User | undefined> {
  if (accessToken === "" || accessToken.length > limits.textLengthMax) {
    return undefined;
  }
  try {
    const { user } = await rpc.users.authenticateAccessToken({ accessToken });
    return user;
  } catch (error) {
    // "No such token" is an answer; anything else is a failure.
    const isAnswer =
      error instanceof Fault &&
      (error.code === Code.Unauthenticated ||
        error.code === Code.NotFound ||
        error.code === Code.InvalidArgument);
    if (isAnswer) {
      return undefined;
    }
    throw error;
  }
}

function isEnabled(user: User | undefined): user is User {
  return user?.status === UserStatus.ENABLED;
}
