import { createServer, type RequestListener } from "node:http";
import { listen } from "@tollgate/kit/lifecycle/listen";
import type { StandaloneConfig } from "#config.ts";

/** The one port of the one process. */
export interface HttpServer {
  readonly port: number;
  /** No new connections from here on; what is open goes on. */
  stopAccepting(): void;
}

const headerBytesMax = 32 * 1024;

/** Serves the relay and the admin on one port. Rejects with one clear sentence when the port is taken. */
export async function serveHttp(
  { host, port }: Pick<StandaloneConfig, "host" | "port">,
  handler: RequestListener,
): Promise<HttpServer> {
  const server = createServer({ maxHeaderSize: headerBytesMax }, handler);
  const boundPort = await listen(server, { host, port, what: "HTTP" });
  return {
    port: boundPort,
    stopAccepting: () => {
      server.close();
      server.closeIdleConnections();
    },
  };
}
