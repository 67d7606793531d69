import process from "node:process";
import { systemClock } from "@tollgate/kit/clock/clock";
import { startRpcServer } from "@tollgate/kit/grpc/rpc-server";
import { runProgram } from "@tollgate/kit/lifecycle/run-program";
import packageJson from "../package.json" with { type: "json" };
import { quotaConfigSchema, quotaReplacedVariables } from "./config.ts";
import { createQuotaService } from "./service.ts";

const { version } = packageJson;

await runProgram(
  {
    name: "quota",
    service: "quota",
    version,
    summary:
      "Holds users, keys, wallets and prices, leases money to relays and settles their calls.",
    schemas: { quota: quotaConfigSchema },
    replacedVariables: quotaReplacedVariables,
    portVariable: "RPC_PORT",
    argv: process.argv.slice(2),
    environment: process.env,
  },
  async ({ config, logger, runner, metrics }) => {
    const deps = { logger, clock: systemClock, version, metrics };
    const service = await createQuotaService(config.quota, deps);
    runner.onStop("quota", async (deadline) => service.stop(deadline));
    const server = await startRpcServer({
      host: config.quota.rpcHost,
      port: config.quota.rpcPort,
      routes: service.routes,
      logger,
      isReady: service.isReady,
    });
    runner.onStop("gRPC server", async () => server.close({ drainMs: config.process.drainMs }));
    logger.info({ port: server.port, version }, "quota started");
  },
);
