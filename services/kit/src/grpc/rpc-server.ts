import type { Http2Server, ServerHttp2Session } from "node:http2";
import { createServer } from "node:http2";
import type { ConnectRouter, Interceptor } from "@connectrpc/connect";
import { Code, ConnectError } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { faultInterceptor } from "../fault/grpc.ts";
import { listen } from "../lifecycle/listen.ts";
import type { Logger } from "../logging/logger.ts";
import { abortInterceptor } from "./abort-interceptor.ts";
import { messageBytesMax } from "./channel-options.ts";
import { registerHealthService } from "./health-service.ts";

/** What a server serves and where. */
export interface RpcServerOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly routes: (router: ConnectRouter) => void;
  readonly logger: Logger;
  /** The health service says SERVING only while this is true. */
  readonly isReady: () => boolean;
}

/** A server that accepts calls. */
export interface RpcServer {
  readonly port: number;
  /** From now on the health service says NOT_SERVING; calls are still accepted. */
  markNotServing(): void;
  /**
   * Stops: NOT_SERVING, no new connections, unary calls may end within `drainMs`, then streams end with UNAVAILABLE, and
   * what is left is cut off.
   */
  close(options: { readonly drainMs: number }): Promise<void>;
}

const streamEndMs = 1000;

/** Serves Connect handlers over HTTP/2 in the clear (gRPC, gRPC-Web and Connect), with `grpc.health.v1`. */
export async function startRpcServer(options: RpcServerOptions): Promise<RpcServer> {
  const { logger, isReady } = options;
  const shutdown = new AbortController();
  const calls = createCallCounter();
  const serviceNames = new Set<string>();
  let isServing = true;
  const server = createServer(
    connectNodeAdapter({
      routes: (router) => {
        options.routes(router);
        for (const { service } of router.handlers) {
          serviceNames.add(service.typeName);
        }
        registerHealthService(router, {
          isServing: () => isServing && isReady(),
          serviceNames: () => serviceNames,
        });
      },
      interceptors: [calls.interceptor, faultInterceptor(logger), abortInterceptor],
      readMaxBytes: messageBytesMax,
      writeMaxBytes: messageBytesMax,
      shutdownSignal: shutdown.signal,
    }),
  );
  const sessions = trackSessions(server, logger);
  const port = await listen(server, { host: options.host, port: options.port, what: "gRPC" });
  const markNotServing = (): void => {
    isServing = false;
  };
  return {
    port,
    markNotServing,
    async close({ drainMs }) {
      markNotServing();
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      for (const session of sessions) {
        session.close();
      }
      await Promise.race([calls.idle(), expire(drainMs)]);
      shutdown.abort(new ConnectError("the server is stopping", Code.Unavailable));
      await Promise.race([closed, expire(streamEndMs)]);
      for (const session of sessions) {
        session.destroy();
      }
      await closed;
    },
  };
}

interface CallCounter {
  readonly interceptor: Interceptor;
  /** Resolves when no unary call is under way. */
  idle(): Promise<void>;
}

function createCallCounter(): CallCounter {
  let underWay = 0;
  let reportIdle = (): void => undefined;
  return {
    interceptor: (next) => async (request) => {
      if (request.stream) {
        return next(request);
      }
      underWay += 1;
      try {
        return await next(request);
      } finally {
        underWay -= 1;
        if (underWay === 0) {
          reportIdle();
        }
      }
    },
    idle: async () =>
      new Promise((resolve) => {
        reportIdle = resolve;
        if (underWay === 0) {
          resolve();
        }
      }),
  };
}

function trackSessions(server: Http2Server, logger: Logger): ReadonlySet<ServerHttp2Session> {
  const sessions = new Set<ServerHttp2Session>();
  server.on("session", (session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
    // A peer that vanishes is no fault of ours; its calls see their signals aborted.
    session.on("error", (error: Error) => logger.debug({ err: error }, "rpc connection failed"));
  });
  return sessions;
}

async function expire(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
