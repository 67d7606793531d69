import { createServer } from "node:http";
import { systemClock } from "@tollgate/kit/clock/clock";
import { createGrpcTransport, type GrpcTransport } from "@tollgate/kit/grpc/grpc-transport";
import { listen } from "@tollgate/kit/lifecycle/listen";
import { runProgram } from "@tollgate/kit/lifecycle/run-program";
import type { Runner } from "@tollgate/kit/lifecycle/runner";
import type { Logger } from "@tollgate/kit/logging/logger";
import packageJson from "../package.json" with { type: "json" };
import { type AdminConfig, adminConfigSchema, adminReplacedVariables } from "./config.ts";
import { limits } from "./limits.ts";
import { type AdminService, createAdminService } from "./service.ts";

const { version } = packageJson;

await runProgram(
  {
    name: "tollgate-admin",
    service: "admin",
    version,
    summary: "The management API and the portal of Tollgate.",
    schemas: { admin: adminConfigSchema },
    replacedVariables: adminReplacedVariables,
    portVariable: "PORT",
    argv: process.argv.slice(2),
    environment: process.env,
  },
  async ({ config, logger, runner }) => open({ config: config.admin, logger, runner }),
);

interface Process {
  readonly config: AdminConfig;
  readonly logger: Logger;
  readonly runner: Runner;
}

async function open({ config, logger, runner }: Process): Promise<void> {
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
  const { host, port } = config;
  const boundPort = await listen(server, { host, port, what: "HTTP" });
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
