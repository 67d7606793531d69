import type { FastifyReply, FastifyRequest } from "fastify";
import { sessionCookieSeconds } from "./sessions.ts";

/** One API's name for it. */
const cookieName = "session";

/** The session cookie that a browser sent. */
export function readSessionCookie(request: FastifyRequest): string | undefined {
  return request.cookies[cookieName];
}

/** Hands a session to the browser; Secure when the browser came by TLS. */
export function setSessionCookie(reply: FastifyReply, value: string): void {
  reply.setCookie(cookieName, value, {
    ...cookieAttributes(reply.request),
    maxAge: sessionCookieSeconds,
  });
}

/** Takes the session cookie away. */
export function clearSessionCookie(reply: FastifyReply): void {
  reply.clearCookie(cookieName, cookieAttributes(reply.request));
}

function cookieAttributes(request: FastifyRequest) {
  return {
    path: "/",
    httpOnly: true,
    sameSite: "lax",
    secure: request.protocol === "https",
  } as const;
}
