import compress from "@fastify/compress";
import cookie from "@fastify/cookie";
import rateLimit from "@fastify/rate-limit";
import swagger from "@fastify/swagger";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import fastify, { type FastifyBaseLogger, LogController } from "fastify";
import type { Logger } from "@tollgate/kit/logging/logger";
import type { Authenticator } from "#auth/authenticator.ts";
import { registerGuard } from "#auth/guard.ts";
import { adminFaults } from "#faults.ts";
import { limits } from "#limits.ts";
import type { Api } from "./api.ts";
import { registerHealthRoutes } from "./health-routes.ts";
import { registerPortal } from "./portal.ts";
import { registerBodyReader } from "./read-body.ts";
import { renderError } from "./render-error.ts";
import { makeRequestId, registerRequestLog } from "./request-log.ts";
import { registerSecurityHeaders } from "./security-headers.ts";

const rateWindowMs = 180_000;
const rateAddressesMax = 20_000;

/** What the server is told. */
export interface ServerOptions {
  readonly logger: Logger;
  readonly version: string;
  readonly authenticator: Authenticator;
  readonly isReady: () => boolean;
  /** Proxies whose forwarding headers are believed. */
  readonly trustedProxies: readonly string[];
  /** Calls in 180 seconds from one address; 0 = no limit. */
  readonly apiRateLimit: number;
  readonly portalDir: string;
  /** Origin of the relay if it is not our own. */
  readonly relayOrigin: string | undefined;
  /** Adds the routes below /api; paths are given without that prefix. */
  readonly registerRoutes: (api: Api) => void;
}

/** Makes the HTTP server of the management API and the portal. It does not listen by itself. */
export async function createServer(options: ServerOptions): Promise<Api> {
  const loggerInstance: FastifyBaseLogger = options.logger;
  const server: Api = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => makeRequestId(),
    bodyLimit: limits.bodyBytesMax,
    trustProxy: options.trustedProxies.length === 0 ? false : [...options.trustedProxies],
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: limits.textLengthMax },
    // Coercion of query parameters; bodies with numbers as texts are understood as well.
    ajv: { customOptions: { coerceTypes: true, removeAdditional: false, allErrors: false } },
  }).withTypeProvider<TypeBoxTypeProvider>();
  // The schemas of replies document them; what a handler returns is sent whole.
  server.setSerializerCompiler(() => (data) => JSON.stringify(data));
  server.setErrorHandler((error, request, reply) => {
    const { status, body, retryAfterSeconds } = renderError(error, request);
    if (retryAfterSeconds !== undefined) {
      reply.header("retry-after", retryAfterSeconds);
    }
    return reply.code(status).send(body);
  });
  await server.register(cookie);
  await server.register(compress, { global: true, threshold: 1024 });
  await registerSecurityHeaders(server, options.relayOrigin);
  await server.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "Tollgate management API", version: options.version },
    },
  });
  registerHealthRoutes(server, options.isReady);
  await registerPortal(server, options.portalDir);
  await server.register(async (api: Api) => registerApi(api, options), { prefix: "/api" });
  await server.ready();
  return server;
}

async function registerApi(api: Api, options: ServerOptions): Promise<void> {
  if (options.apiRateLimit > 0) {
    await api.register(rateLimit, {
      max: options.apiRateLimit,
      timeWindow: rateWindowMs,
      cache: rateAddressesMax,
      errorResponseBuilder: (_request, { ttl }) =>
        adminFaults.fault("RATE_LIMITED", { retryAfterMs: ttl }),
    });
  }
  api.addHook("onRequest", async (_request, reply) => {
    reply.header("cache-control", "no-store");
  });
  registerRequestLog(api);
  registerBodyReader(api);
  registerGuard(api, options.authenticator);
  options.registerRoutes(api);
  api.get("/openapi.json", { config: { access: "public" }, schema: { hide: true } }, async () =>
    api.swagger(),
  );
}
