import process from "node:process";
import { systemClock } from "@tollgate/kit/clock/clock";
import { createGrpcTransport } from "@tollgate/kit/grpc/grpc-transport";
import { startRpcServer } from "@tollgate/kit/grpc/rpc-server";
import { runProgram } from "@tollgate/kit/lifecycle/run-program";
import packageJson from "../package.json" with { type: "json" };
import { schedulerConfigSchema } from "./config.ts";
import { createSchedulerService } from "./service.ts";

const { version } = packageJson;
const deadlineMs = 10_000;

await runProgram(
  {
    name: "scheduler",
    service: "scheduler",
    version,
    summary: "Runs long work in the background: channel tests and balance refreshes.",
    schemas: { scheduler: schedulerConfigSchema },
    replacedVariables: [],
    portVariable: "RPC_PORT",
    argv: process.argv.slice(2),
    environment: process.env,
  },
  async ({ config, logger, runner }) => {
    const { registryAddress, relayAddress, quotaAddress, rpcHost, rpcPort } = config.scheduler;
    const registry = createGrpcTransport({ target: registryAddress, deadlineMs });
    runner.onStop("registry client", async () => registry.close());
    const relay = createGrpcTransport({ target: relayAddress, deadlineMs });
    runner.onStop("relay client", async () => relay.close());
    const quota = createGrpcTransport({ target: quotaAddress, deadlineMs });
    runner.onStop("quota client", async () => quota.close());
    const deps = { logger, clock: systemClock, version, registry, relay, quota };
    const service = await createSchedulerService(config.scheduler, deps);
    runner.onStop("scheduler", async (deadline) => service.stop(deadline));
    const server = await startRpcServer({
      host: rpcHost,
      port: rpcPort,
      routes: service.routes,
      logger,
      isReady: service.isReady,
    });
    runner.onStop("gRPC server", async () => server.close({ drainMs: config.process.drainMs }));
    logger.info({ port: server.port, version }, "scheduler started");
  },
);
