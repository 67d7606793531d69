import process from "node:process";
import { systemClock } from "@tollgate/kit/clock/clock";
import { parseCommandLine } from "@tollgate/kit/config/command-line";
import { exitOnConfigError, readConfig } from "@tollgate/kit/config/config";
import { createGrpcTransport } from "@tollgate/kit/grpc/grpc-transport";
import { startRpcServer } from "@tollgate/kit/grpc/rpc-server";
import { createRunner } from "@tollgate/kit/lifecycle/runner";
import { createLogger } from "@tollgate/kit/logging/logger";
import packageJson from "../package.json" with { type: "json" };
import { schedulerConfigSchema } from "./config.ts";
import { createSchedulerService } from "./service.ts";

const { version } = packageJson;
const deadlineMs = 10_000;
const commandLine = parseCommandLine(process.argv.slice(2), {
  name: "scheduler",
  version,
  summary: "Runs long work in the background: channel tests and balance refreshes.",
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
  const config = exitOnConfigError(() => readConfig(schedulerConfigSchema, process.env));
  const logger = createLogger({
    service: "scheduler",
    level: config.logLevel,
    ...(logDir === undefined ? {} : { logDir }),
  });
  const runner = createRunner({ logger, drainMs: config.drainMs });
  await runner.start(async () => {
    const registry = createGrpcTransport({ target: config.registryAddress, deadlineMs });
    runner.onStop("registry client", async () => registry.close());
    const relay = createGrpcTransport({ target: config.relayAddress, deadlineMs });
    runner.onStop("relay client", async () => relay.close());
    const quota = createGrpcTransport({ target: config.quotaAddress, deadlineMs });
    runner.onStop("quota client", async () => quota.close());
    const deps = { logger, clock: systemClock, version, registry, relay, quota };
    const service = await createSchedulerService(config, deps);
    runner.onStop("scheduler", async (deadline) => service.stop(deadline));
    const server = await startRpcServer({
      host: config.rpcHost,
      port: port ?? config.rpcPort,
      routes: service.routes,
      logger,
      isReady: service.isReady,
    });
    runner.onStop("gRPC server", async () => server.close({ drainMs: config.drainMs }));
    logger.info({ port: server.port, version }, "scheduler started");
  });
  await runner.run();
}
