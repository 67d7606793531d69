import type { IncomingMessage, ServerResponse } from "node:http";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from "fastify";
import type { Caller } from "#auth/caller.ts";

/** Who may call a route: anybody, or signed-in users of at least that role. */
export type Access = "public" | "user" | "admin" | "root";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Every route under /api names it; the server refuses to start otherwise. */
    readonly access?: Access;
    /** The route changes something although its method is GET: cookies need proof of the same origin. */
    readonly mutates?: boolean;
    /** HTTP status for a body that is no JSON or does not fit the schema; 200 with success:false where it is not given. */
    readonly unreadableStatus?: number;
  }
  interface FastifyRequest {
    /** Set by the guard on every route that is not public. */
    caller: Caller | undefined;
  }
}

/** The server whose route schemas give the types of their handlers. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;
