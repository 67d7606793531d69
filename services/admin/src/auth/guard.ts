/** Stands before every route of the management API: who calls, may they, and did our own page send it. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { adminFaults } from "#faults.ts";
import type { Access, Api } from "#http/api.ts";
import type { Authenticator } from "./authenticator.ts";
import type { Caller } from "./caller.ts";
import { roles } from "./roles.ts";
import { isTrustedChange, isTrustedGet, readOriginProof } from "./same-origin.ts";
import { clearSessionCookie, readSessionCookie } from "./session-cookie.ts";

const roleOf = {
  user: roles.common,
  admin: roles.admin,
  root: roles.root,
} as const satisfies Readonly<Record<Exclude<Access, "public">, number>>;

const readingMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** Puts the guard before every route of `api`. A route that does not name its access stops the start. */
export function registerGuard(api: Api, authenticator: Authenticator): void {
  api.decorateRequest("caller", undefined);
  api.addHook("onRoute", (route) => {
    if (route.config?.access === undefined) {
      throw new Error(`the route ${route.url} does not say who may call it`);
    }
  });
  // After the rate limit (onRequest), before the body is read.
  api.addHook("preParsing", async (request, reply) => {
    const { access = "root" } = request.routeOptions.config;
    if (access === "public") {
      assertNotCrossSite(request);
      return;
    }
    const caller = await identify(authenticator, request, reply);
    assertTrusted(request, caller);
    if (caller.user.role < roleOf[access]) {
      throw adminFaults.fault("ROLE_INSUFFICIENT");
    }
    request.caller = caller;
  });
}

async function identify(
  authenticator: Authenticator,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Caller> {
  const authentication = await authenticator.authenticate({
    cookie: readSessionCookie(request),
    authorization: request.headers.authorization,
  });
  if (authentication.kind === "caller") {
    return authentication.caller;
  }
  if (authentication.sessionIsOver) {
    clearSessionCookie(reply);
  }
  throw authentication.fault;
}

/** Browsers add cookies to what other sites send; access tokens must be added on purpose. */
function assertTrusted(request: FastifyRequest, caller: Caller): void {
  if (caller.kind === "access-token") {
    return;
  }
  const isReading = readingMethods.has(request.method);
  const isTrusted = isReading
    ? request.routeOptions.config.mutates !== true || isTrustedGet(request)
    : isTrustedChange(request);
  if (!isTrusted) {
    throw adminFaults.fault("CROSS_SITE");
  }
}

/** Signing in needs no cookie, yet another site must not sign a visitor in to an account of its own. */
function assertNotCrossSite(request: FastifyRequest): void {
  if (!readingMethods.has(request.method) && readOriginProof(request) === "cross") {
    throw adminFaults.fault("CROSS_SITE");
  }
}
