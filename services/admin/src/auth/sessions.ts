/**
 * Browser sessions. The cookie holds a random 256-bit id and its HMAC; the store holds only the id's hash, so that neither
 * a copy of the database nor a forged cookie opens a session. A session ends 30 days after sign-in, after 7 days without
 * use, or as soon as the user's password, role or status changes.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Clock } from "@tollgate/kit/clock/clock";
import type { User } from "@tollgate/proto/quota/v1/user_service";
import type { SessionRecord, SessionStore } from "./session-store.ts";

const secondsPerDay = 86_400;
const lifeSeconds = 30 * secondsPerDay;
const idleSeconds = 7 * secondsPerDay;
const touchEverySeconds = 300;
const idBytes = 32;
const cookieLook = /^[\w-]{43}\.[\w-]{43}$/u;

/** Opens, reads and ends sessions. */
export interface Sessions {
  /** Starts a session; resolves with the value of its cookie. */
  start(user: Pick<User, "id" | "sessionVersion">): Promise<string>;
  /** The session of a cookie, if the cookie is genuine and the session has not ended. */
  read(cookie: string): Promise<SessionRecord | undefined>;
  /** The session by its hash, if it has not ended. */
  find(hash: string): Promise<SessionRecord | undefined>;
  end(hash: string): Promise<void>;
  endAllOf(userId: bigint): Promise<void>;
  /** Forgets sessions that have ended. */
  sweep(): Promise<void>;
}

/** What sessions are made of. */
export interface SessionsOptions {
  readonly store: SessionStore;
  readonly secret: Uint8Array;
  readonly clock: Clock;
}

/** How long a browser keeps the cookie, in seconds. */
export const sessionCookieSeconds = lifeSeconds;

/** Makes the sessions of this service. */
export function createSessions({ store, secret, clock }: SessionsOptions): Sessions {
  const nowSeconds = (): number => Math.floor(clock.nowMs() / 1000);
  const find = async (hash: string): Promise<SessionRecord | undefined> => {
    const session = await store.find(hash);
    const now = nowSeconds();
    if (session === undefined || hasEnded(session, now)) {
      return undefined;
    }
    if (now - session.lastSeenAt >= touchEverySeconds) {
      await store.touch(hash, now);
    }
    return session;
  };
  return {
    async start(user) {
      const id = randomBytes(idBytes).toString("base64url");
      const now = nowSeconds();
      await store.insert({
        hash: hashId(id),
        userId: user.id,
        createdAt: now,
        lastSeenAt: now,
        expiresAt: now + lifeSeconds,
        sessionVersion: user.sessionVersion,
      });
      return `${id}.${signId(id, secret)}`;
    },
    async read(cookie) {
      const id = verifyCookie(cookie, secret);
      return id === undefined ? undefined : find(hashId(id));
    },
    find,
    end: async (hash) => store.remove(hash),
    endAllOf: async (userId) => store.removeOfUser(userId),
    sweep: async () =>
      store.removeStale({
        expiresBefore: nowSeconds(),
        seenBefore: nowSeconds() - idleSeconds,
      }),
  };
}

function hasEnded(session: SessionRecord, nowSeconds: number): boolean {
  return session.expiresAt <= nowSeconds || session.lastSeenAt + idleSeconds <= nowSeconds;
}

function hashId(id: string): string {
  return createHash("sha256").update(id).digest("hex");
}

function signId(id: string, secret: Uint8Array): string {
  return createHmac("sha256", secret).update(id).digest("base64url");
}

function verifyCookie(cookie: string, secret: Uint8Array): string | undefined {
  if (!cookieLook.test(cookie)) {
    return undefined;
  }
  const [id = "", signature = ""] = cookie.split(".");
  const isGenuine = timingSafeEqual(Buffer.from(signature), Buffer.from(signId(id, secret)));
  return isGenuine ? id : undefined;
}
