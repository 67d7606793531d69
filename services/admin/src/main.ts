import { createServer } from "node:http";
import { systemClock } from "@tollgate/kit/clock/clock";
import { parseCommandLine } from "@tollgate/kit/config/command-line";
import { exitOnConfigError, readConfig } from "@tollgate/kit/config/config";
import { createGrpcTransport, type GrpcTransport } from "@tollgate/kit/grpc/grpc-transport";
import { listen } from "@tollgate/kit/lifecycle/listen";
import { createRunner, type Runner } from "@tollgate/kit/lifecycle/runner";
import { createLogger, type Logger } from "@tollgate/kit/logging/logger";
import packageJson from "../package.json" with { type: "json" };
import { type AdminConfig, adminConfigSchema } from "./config.ts";
import { limits } from "./limits.ts";
import { type AdminService, createAdminService } from "./service.ts";

const { version } = packageJson;

const command = parseCommandLine(process.argv.slice(2), {
  name: "tollgate-admin",
  version,
  summary: "The management API and the portal of Tollgate.",
});

switch (command.kind) {
  case "run": {
    const config = exitOnConfigError(() => readConfig(adminConfigSchema, process.env));
    await run(config, command);
    break;
  }
  case "help":
  case "version":
    process.stdout.write(command.text);
    break;
  case "invalid":
    process.stderr.write(command.text);
    process.exitCode = 64;
    break;
}

async function run(
  config: AdminConfig,
  flags: { readonly port?: number; readonly logDir?: string },
): Promise<void> {
  const logger = createLogger({
    service: "admin",
    level: config.logLevel,
    pretty: process.stdout.isTTY,
    ...(flags.logDir === undefined ? {} : { logDir: flags.logDir }),
  });
  const runner = createRunner({ logger, drainMs: config.drainMs });
  await runner.start(async () => open({ config, logger, runner, port: flags.port ?? config.port }));
  await runner.run();
}

interface Process {
  readonly config: AdminConfig;
  readonly logger: Logger;
  readonly runner: Runner;
  readonly port: number;
}

async function open({ config, logger, runner, port }: Process): Promise<void> {
  const connect = (name: string, target: string): GrpcTransport => {
    const transport = createGrpcTransport({ target, deadlineMs: limits.rpcDeadlineMs });
    runner.onStop(`connection to ${name}`, async () => transport.close());
    return transport;
  };
  let publicUrl = "";
  const service = await createAdminService(config, {
    logger,
    clock: systemClock,
    version,
    quota: connect("quota", config.quotaAddress),
    registry: connect("registry", config.registryAddress),
    relay: connect("relay", config.relayAddress),
    scheduler: connect("scheduler", config.schedulerAddress),
    publicUrl: () => publicUrl,
  });
  const server = createServer({ requestTimeout: 60_000, headersTimeout: 20_000 }, service.handler);
  const boundPort = await listen(server, { host: config.host, port, what: "HTTP" });
  publicUrl = `http://localhost:${boundPort}`;
  runner.onStop("admin", async (deadline) => {
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    await service.stop(deadline);
    server.closeAllConnections();
    await closed;
  });
  logger.info({ port: boundPort, version }, "admin is listening");
  announceSetup(service, logger);
}

/** The code goes to the terminal and never into the log. */
function announceSetup(service: AdminService, logger: Logger): void {
  const announce = async (): Promise<void> => {
    const url = await service.setupUrl();
    if (url !== undefined) {
      process.stdout.write(`\nOpen ${url} within 24 hours to make the root user.\n\n`);
    }
  };
  announce().catch((error: unknown) =>
    logger.error({ err: error }, "the setup code could not be made"),
  );
}
