import { createServer } from "node:http";
import { collectDefaultMetrics } from "prom-client";
import { listen } from "../lifecycle/listen.ts";
import type { Metrics } from "./metrics.ts";

/** The running page. */
export interface MetricsServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

const requestMs = 10_000;

/**
 * Serves `GET /metrics` for Prometheus, with the figures of the process itself, on a listener of its own: what it tells is for
 * operators. Rejects when the port is taken.
 */
export async function serveMetrics(
  metrics: Metrics,
  address: { readonly host: string; readonly port: number },
): Promise<MetricsServer> {
  collectDefaultMetrics({ register: metrics.registry });
  const server = createServer({ requestTimeout: requestMs }, (request, response) => {
    if (request.method !== "GET" || request.url?.split("?", 1)[0] !== "/metrics") {
      response.writeHead(404).end();
      return;
    }
    metrics.render().then(
      ({ contentType, text }) => response.writeHead(200, { "content-type": contentType }).end(text),
      (error: unknown) => response.destroy(error instanceof Error ? error : undefined),
    );
  });
  const port = await listen(server, { ...address, what: "metrics" });
  return {
    port,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
