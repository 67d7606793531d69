import { readFileSync } from "node:fs";
import { adminConfigSchema } from "@tollgate/admin/config";
import { createAdminService } from "@tollgate/admin/service";
import { systemClock } from "@tollgate/kit/clock/clock";
import { createInMemoryTransport } from "@tollgate/kit/grpc/in-memory-transport";
import { lockDataDir } from "@tollgate/kit/lifecycle/data-dir-lock";
import { type ProgramStart, runProgram } from "@tollgate/kit/lifecycle/run-program";
import { quotaConfigSchema } from "@tollgate/quota/config";
import { createQuotaService } from "@tollgate/quota/service";
import { registryConfigSchema } from "@tollgate/registry/config";
import { createRegistryService } from "@tollgate/registry/service";
import { relayConfigSchema } from "@tollgate/relay/config";
import { createRelayService } from "@tollgate/relay/service";
import { schedulerConfigSchema } from "@tollgate/scheduler/config";
import { createSchedulerService } from "@tollgate/scheduler/service";
import { printBanner } from "#banner.ts";
import { standaloneConfigSchema } from "#config.ts";
import { replacedVariables } from "#replaced-variables.ts";
import { serveHttp } from "#serve-http.ts";

const startedAt = performance.now();
const packageJson: unknown = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
);
const version = readVersion(packageJson);

const schemas = {
  standalone: standaloneConfigSchema,
  quota: quotaConfigSchema,
  registry: registryConfigSchema,
  relay: relayConfigSchema,
  scheduler: schedulerConfigSchema,
  admin: adminConfigSchema,
};

await runProgram(
  {
    name: "tollgate",
    service: "tollgate",
    version,
    summary:
      "Tollgate, an LLM API gateway with an exact billing plane: all services in one process.",
    schemas,
    replacedVariables,
    portVariable: "PORT",
    argv: process.argv.slice(2),
    environment: process.env,
  },
  open,
);

async function open({
  config,
  logger,
  runner,
  metrics,
}: ProgramStart<typeof schemas>): Promise<void> {
  const lock = lockDataDir(config.standalone.dataDir);
  runner.onStop("data folder", async () => {
    lock.release();
  });
  const common = { logger, clock: systemClock, version, metrics };

  const quota = await createQuotaService(config.quota, common);
  runner.onStop("quota", (deadline) => quota.stop(deadline));
  const quotaTransport = createInMemoryTransport(quota.routes, logger);

  const registry = await createRegistryService(config.registry, common);
  runner.onStop("registry", (deadline) => registry.stop(deadline));
  const registryTransport = createInMemoryTransport(registry.routes, logger);

  const relay = await createRelayService(config.relay, {
    ...common,
    quota: quotaTransport,
    registry: registryTransport,
  });
  runner.onStop("relay", (deadline) => relay.stop(deadline));
  const relayTransport = createInMemoryTransport(relay.routes, logger);

  const scheduler = await createSchedulerService(config.scheduler, {
    ...common,
    quota: quotaTransport,
    registry: registryTransport,
    relay: relayTransport,
  });
  runner.onStop("scheduler", (deadline) => scheduler.stop(deadline));

  let publicUrl = "";
  const admin = await createAdminService(config.admin, {
    ...common,
    quota: quotaTransport,
    registry: registryTransport,
    relay: relayTransport,
    scheduler: createInMemoryTransport(scheduler.routes, logger),
    publicUrl: () => publicUrl,
  });
  runner.onStop("admin", (deadline) => admin.stop(deadline));

  const server = await serveHttp(config.standalone, (request, response) => {
    const handler = relay.matches(request.url ?? "/") ? relay.handler : admin.handler;
    handler(request, response);
  });
  runner.onStop("http server", async () => server.stopAccepting());
  publicUrl = `http://localhost:${server.port}`;
  printBanner({
    version,
    url: publicUrl,
    setupUrl: await admin.setupUrl(),
    startMs: performance.now() - startedAt,
  });
}

function readVersion(json: unknown): string {
  return typeof json === "object" && json !== null && "version" in json
    ? String(json.version)
    : "0.0.0";
}
