import { createServer } from "node:http";
import process from "node:process";
import { systemClock } from "@tollgate/kit/clock/clock";
import { parseCommandLine } from "@tollgate/kit/config/command-line";
import { exitOnConfigError, readConfig } from "@tollgate/kit/config/config";
import { createGrpcTransport } from "@tollgate/kit/grpc/grpc-transport";
import { startRpcServer } from "@tollgate/kit/grpc/rpc-server";
import { listen } from "@tollgate/kit/lifecycle/listen";
import { createRunner } from "@tollgate/kit/lifecycle/runner";
import { createLogger } from "@tollgate/kit/logging/logger";
import packageJson from "../package.json" with { type: "json" };
import { relayConfigSchema } from "./config.ts";
import { limits } from "./limits.ts";
import { createRelayService } from "./service.ts";

const { version } = packageJson;
const commandLine = parseCommandLine(process.argv.slice(2), {
  name: "relay",
  version,
  summary: "Relays calls of language models and keeps their bills.",
});

if (commandLine.kind === "run") {
  await run(commandLine);
} else {
  const isInvalid = commandLine.kind === "invalid";
  (isInvalid ? process.stderr : process.stdout).write(commandLine.text);
  process.exitCode = isInvalid ? 2 : 0;
}

interface Flags {
  readonly port?: number;
  readonly logDir?: string;
}

async function run({ port, logDir }: Flags): Promise<void> {
  const config = exitOnConfigError(() => readConfig(relayConfigSchema, process.env));
  const logger = createLogger({
    service: "relay",
    level: config.logLevel,
    ...(logDir === undefined ? {} : { logDir }),
  });
  const runner = createRunner({ logger, drainMs: config.drainMs });
  await runner.start(async () => {
    const deadlineMs = limits.questionMs;
    const quota = createGrpcTransport({ target: config.quotaAddress, deadlineMs });
    runner.onStop("quota", async () => quota.close());
    const registry = createGrpcTransport({ target: config.registryAddress, deadlineMs });
    runner.onStop("registry", async () => registry.close());
    const service = await createRelayService(config, {
      logger,
      clock: systemClock,
      version,
      quota,
      registry,
    });
    const server = createServer(service.handler);
    const rpc = await startRpcServer({
      host: config.rpcHost,
      port: config.rpcPort,
      routes: service.routes,
      logger,
      isReady: service.isReady,
    });
    runner.onStop("gRPC server", async () => rpc.close({ drainMs: config.drainMs }));
    const httpPort = await listen(server, {
      host: config.host,
      port: port ?? config.port,
      what: "HTTP",
    });
    runner.onStop("relay", async (deadline) => {
      server.close();
      await service.stop(deadline);
      server.closeAllConnections();
    });
    logger.info({ port: httpPort, rpcPort: rpc.port, version }, "relay started");
  });
  await runner.run();
}
