import { createServer } from "node:http";
import process from "node:process";
import { systemClock } from "@tollgate/kit/clock/clock";
import { createGrpcTransport } from "@tollgate/kit/grpc/grpc-transport";
import { startRpcServer } from "@tollgate/kit/grpc/rpc-server";
import { listen } from "@tollgate/kit/lifecycle/listen";
import { runProgram } from "@tollgate/kit/lifecycle/run-program";
import packageJson from "../package.json" with { type: "json" };
import { relayConfigSchema, relayReplacedVariables } from "./config.ts";
import { limits } from "./limits.ts";
import { createRelayService } from "./service.ts";

const { version } = packageJson;

await runProgram(
  {
    name: "relay",
    service: "relay",
    version,
    summary: "Relays calls of language models and keeps their bills.",
    schemas: { relay: relayConfigSchema },
    replacedVariables: relayReplacedVariables,
    portVariable: "PORT",
    argv: process.argv.slice(2),
    environment: process.env,
  },
  async ({ config: { relay: config }, logger, runner, metrics }) => {
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
      metrics,
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
    const port = await listen(server, { host: config.host, port: config.port, what: "HTTP" });
    runner.onStop("relay", async (deadline) => {
      server.close();
      await service.stop(deadline);
      server.closeAllConnections();
    });
    logger.info({ port, rpcPort: rpc.port, version }, "relay started");
  },
);
