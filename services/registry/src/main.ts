import process from "node:process";
import { systemClock } from "@tollgate/kit/clock/clock";
import { startRpcServer } from "@tollgate/kit/grpc/rpc-server";
import { runProgram } from "@tollgate/kit/lifecycle/run-program";
import packageJson from "../package.json" with { type: "json" };
import { registryConfigSchema, registryReplacedVariables } from "./config.ts";
import { createRegistryService } from "./service.ts";

const { version } = packageJson;

await runProgram(
  {
    name: "registry",
    service: "registry",
    version,
    summary: "Holds channels and their credentials, and feeds relays with the routing table.",
    schemas: { registry: registryConfigSchema },
    replacedVariables: registryReplacedVariables,
    portVariable: "RPC_PORT",
    argv: process.argv.slice(2),
    environment: process.env,
  },
  async ({ config, logger, runner }) => {
    const service = await createRegistryService(config.registry, {
      logger,
      clock: systemClock,
      version,
    });
    runner.onStop("registry", async (deadline) => service.stop(deadline));
    const server = await startRpcServer({
      host: config.registry.rpcHost,
      port: config.registry.rpcPort,
      routes: service.routes,
      logger,
      isReady: service.isReady,
    });
    runner.onStop("gRPC server", async () => server.close({ drainMs: config.process.drainMs }));
    logger.info({ port: server.port, version }, "registry started");
  },
);
