import type { Server } from "node:http";
import { createServer } from "node:http";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@tollgate/kit/clock/clock";
import { readConfig } from "@tollgate/kit/config/config";
import { createInMemoryTransport } from "@tollgate/kit/grpc/in-memory-transport";
import { listen } from "@tollgate/kit/lifecycle/listen";
import { createLogger } from "@tollgate/kit/logging/logger";
import { relayConfigSchema } from "../../src/config.ts";
import type { RelayService } from "../../src/service.ts";
import { createRelayService } from "../../src/service.ts";
import type { FakeQuota } from "./fake-quota.ts";
import { createFakeQuota } from "./fake-quota.ts";
import type { ChannelInit, FakeRegistry, RoutingWish } from "./fake-registry.ts";
import { createFakeRegistry } from "./fake-registry.ts";

export interface TestRelay {
  readonly url: string;
  readonly quota: FakeQuota;
  readonly registry: FakeRegistry;
  readonly service: RelayService;
  readonly folder: string;
  /** Resolves when so many calls were settled at quota. */
  readonly settled: (count: number) => Promise<void>;
  /** Resolves when no client is connected. */
  readonly disconnected: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface TestRelayOptions extends RoutingWish {
  readonly channels: readonly ChannelInit[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly balanceNanos?: bigint;
  readonly quota?: FakeQuota;
  readonly folder?: string;
}

/** A whole relay over HTTP, with a quota and a registry in memory. */
export async function startRelay(options: TestRelayOptions): Promise<TestRelay> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), "relay-test-")));
  const quota = options.quota ?? createFakeQuota();
  quota.deposit(1n, options.balanceNanos ?? 10_000_000_000n);
  const registry = createFakeRegistry(options.channels, options);
  const logger = createLogger({ service: "relay", level: "error" });
  const config = readConfig(relayConfigSchema, {
    DATA_DIR: folder,
    DRAIN_SECONDS: "2",
    JOURNAL_FREE_BYTES_MIN: "1048576",
    ...options.environment,
  });
  const service = await createRelayService(config, {
    logger,
    clock: systemClock,
    version: "0.0.0",
    quota: createInMemoryTransport(quota.routes, logger),
    registry: createInMemoryTransport(registry.routes, logger),
    exit: (code) => {
      throw new Error(`the relay wanted to exit with ${code}`);
    },
  });
  const server: Server = createServer(service.handler);
  let connections = 0;
  server.on("connection", (socket) => {
    connections += 1;
    socket.once("close", () => {
      connections -= 1;
    });
  });
  const port = await listen(server, { host: "127.0.0.1", port: 0, what: "HTTP" });
  await until(() => service.isReady());
  return {
    url: `http://127.0.0.1:${port}`,
    quota,
    registry,
    service,
    folder,
    settled: async (count) => until(() => quota.ended.size >= count),
    disconnected: async () => until(() => connections === 0),
    close: async () => {
      server.close();
      await service.stop(AbortSignal.timeout(5000));
      server.closeAllConnections();
      if (options.folder === undefined) {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

/** Waits for a condition that another part of the program makes true; fails after ten seconds. */
export async function until(isTrue: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!isTrue()) {
    if (performance.now() > deadline) {
      throw new Error("waited in vain");
    }
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}
