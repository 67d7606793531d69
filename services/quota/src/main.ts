import process from "node:process";
import { systemClock } from "@tollgate/kit/clock/clock";
import { parseCommandLine } from "@tollgate/kit/config/command-line";
import { exitOnConfigError, readConfig } from "@tollgate/kit/config/config";
import { startRpcServer } from "@tollgate/kit/grpc/rpc-server";
import { createRunner } from "@tollgate/kit/lifecycle/runner";
import { createLogger } from "@tollgate/kit/logging/logger";
import packageJson from "../package.json" with { type: "json" };
import { quotaConfigSchema } from "./config.ts";
import { createQuotaService } from "./service.ts";

const { version } = packageJson;
const commandLine = parseCommandLine(process.argv.slice(2), {
  name: "quota",
  version,
  summary: "Holds users, keys, wallets and prices, leases money to relays and settles their calls.",
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
  const config = exitOnConfigError(() => readConfig(quotaConfigSchema, process.env));
  const logger = createLogger({
    service: "quota",
    level: config.logLevel,
    ...(logDir === undefined ? {} : { logDir }),
  });
  const runner = createRunner({ logger, drainMs: config.drainMs });
  await runner.start(async () => {
    const service = await createQuotaService(config, { logger, clock: systemClock, version });
    runner.onStop("quota", async (deadline) => service.stop(deadline));
    const server = await startRpcServer({
      host: config.rpcHost,
      port: port ?? config.rpcPort,
      routes: service.routes,
      logger,
      isReady: service.isReady,
    });
    runner.onStop("gRPC server", async () => server.close({ drainMs: config.drainMs }));
    logger.info({ port: server.port, version }, "quota started");
  });
  await runner.run();
}
