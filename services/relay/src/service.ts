import { mkdirSync } from "node:fs";
import type { RequestListener } from "node:http";
import { hostname } from "node:os";
import { join } from "node:path";
import type { ConnectRouter, Transport } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import type { Clock } from "@tollgate/kit/clock/clock";
import type { Logger } from "@tollgate/kit/logging/logger";
import { createSecretBox } from "@tollgate/kit/secrets/secret-box";
import { deriveKey, loadSecretKey } from "@tollgate/kit/secrets/secret-key";
import { UsageService } from "@tollgate/proto/quota/v1/usage_service";
import { HealthService } from "@tollgate/proto/registry/v1/health_service";
import { SnapshotService } from "@tollgate/proto/registry/v1/snapshot_service";
import { ProbeService } from "@tollgate/proto/relay/v1/probe_service";
import { createCallGate } from "#http/call-gate.ts";
import type { ClosableGate } from "#http/call-gate.ts";
import { createClientAddress } from "#http/client-address.ts";
import { createRequestHandler } from "#http/request-handler.ts";
import { createRoutes } from "#http/routes.ts";
import type { KeyGrant } from "#ledgering/key-grants.ts";
import type { Money } from "#ledgering/open-money.ts";
import { openMoney } from "#ledgering/open-money.ts";
import { limits } from "#limits.ts";
import { CutOff } from "#pipeline/cut-off.ts";
import type { PipelinePorts } from "#pipeline/ports.ts";
import { createChannelHealth } from "#routing/channel-health.ts";
import { startHealthReporter } from "#rpc/health-reporter.ts";
import { createLastGoodFile } from "#rpc/last-good-file.ts";
import { createProbeHandlers } from "#rpc/probe-handlers.ts";
import type { SnapshotClient } from "#rpc/snapshot-client.ts";
import { openSnapshotClient } from "#rpc/snapshot-client.ts";
import { surfaces } from "#surfaces/registry.ts";
import { chooseUpstream } from "#upstream/choose-upstream.ts";
import { createDemoUpstream } from "#upstream/demo-upstream.ts";
import { createHttpUpstream } from "#upstream/http-upstream.ts";
import type { Upstream } from "#upstream/upstream.ts";
import type { RelayConfig } from "./config.ts";

/** What the relay gets from its process. */
export interface RelayDeps {
  readonly logger: Logger;
  readonly clock: Clock;
  readonly version: string;
  /** How to reach quota and the registry; neither needs to be up yet. */
  readonly quota: Transport;
  readonly registry: Transport;
  /** Ends the process; a test passes its own. */
  readonly exit?: (code: number) => void;
}

/** The running relay, without a socket. */
export interface RelayService {
  readonly routes: (router: ConnectRouter) => void;
  readonly handler: RequestListener;
  /** True for paths that the handler answers. */
  readonly matches: (path: string) => boolean;
  readonly isReady: () => boolean;
  /** From now on no call is admitted; those under way go on. */
  readonly markStopping: () => void;
  /** Lets calls finish until shortly before the deadline, ends the rest, settles, and hands the journal over. */
  readonly stop: (deadline: AbortSignal) => Promise<void>;
}

/** Opens the journal, replays what the last process left, and follows quota and the registry in the background. */
export async function createRelayService(
  config: RelayConfig,
  deps: RelayDeps,
): Promise<RelayService> {
  const parts = await openParts(config, deps);
  const { ports, money, snapshots, upstream, gate } = parts;
  const { logger, clock } = deps;
  const registry = createClient(HealthService, deps.registry);
  const usage = createClient(UsageService, deps.quota);
  const reporter = startHealthReporter({ client: registry, health: ports.health, clock, logger });
  const routes = createRoutes(surfaces);
  const { testPrompt } = config;
  const probes = createProbeHandlers({ ...ports, registry, usage, testPrompt });
  return {
    routes: (router) => {
      router.service(ProbeService, probes);
    },
    handler: createRequestHandler({
      ports,
      routes,
      clientAddress: createClientAddress(config.trustedProxies),
      bodyBytesMax: config.bodyBytesMax,
      gate,
      readBillingSummary: async (grant) => readSummary(usage, grant),
    }),
    matches: routes.matches,
    isReady: gate.isReady,
    markStopping: gate.markStopping,
    stop: async (deadline) => {
      await drain(gate, ports.cutOff, config.drainMs);
      await reporter.close();
      await money.close(AbortSignal.any([AbortSignal.timeout(limits.shipAtStopMs), deadline]));
      await snapshots.close();
      await upstream.close();
    },
  };
}

interface Parts {
  readonly ports: PipelinePorts;
  readonly money: Money;
  readonly snapshots: SnapshotClient;
  readonly upstream: Upstream;
  readonly gate: ClosableGate;
}

async function openParts(config: RelayConfig, deps: RelayDeps): Promise<Parts> {
  const { logger, clock, quota, version } = deps;
  const folder = join(config.dataDir, "relay");
  mkdirSync(folder, { recursive: true });
  const nodeName = hostname();
  const freeBytesMin = config.journalFreeBytesMin;
  const die = createDeath(deps);
  const money = await openMoney({
    folder,
    freeBytesMin,
    quota,
    clock,
    logger,
    nodeName,
    version,
    starvedMs: config.starvedMs,
    die,
  });
  const master = loadSecretKey({ keyFile: config.secretKeyFile, dataDir: config.dataDir });
  const box = createSecretBox(deriveKey(master, "relay snapshot"));
  const client = createClient(SnapshotService, deps.registry);
  const file = createLastGoodFile(join(folder, "routing.snapshot"), box);
  const snapshots = await openSnapshotClient({ client, file, clock, logger, nodeName });
  const upstream = chooseUpstream(
    createHttpUpstream({
      ...config,
      httpProxyUrl: config.httpProxyUrl ?? config.lowerHttpProxyUrl,
      httpsProxyUrl: config.httpsProxyUrl ?? config.lowerHttpsProxyUrl,
      noProxy: config.noProxy ?? config.lowerNoProxy,
    }),
    createDemoUpstream(clock),
  );
  const ports: PipelinePorts = {
    ...money,
    snapshot: snapshots.current,
    health: createChannelHealth(clock),
    upstream,
    cutOff: new CutOff(),
    clock,
    logger,
    random: Math.random,
    showUsageAlways: config.showUsageAlways,
  };
  return { ports, money, snapshots, upstream, gate: openGate(money, snapshots) };
}

function createDeath({ logger, exit = (code) => process.exit(code) }: RelayDeps) {
  return (sentence: string, error?: Error): void => {
    logger.fatal({ err: error }, sentence);
    process.stderr.write(`relay: ${sentence}${error === undefined ? "" : `: ${error.message}`}\n`);
    exit(1);
  };
}

function openGate(money: Money, snapshots: SnapshotClient): ClosableGate {
  return createCallGate({
    isReady: () => snapshots.hasSnapshot() && money.prices.currentVersion() > 0,
    hasRoom: money.journal.hasRoom,
    whyStopped: () => money.session.whyStopped(),
  });
}

/** What is left of the time to drain after the cut is for error events, END records and shipping. */
async function drain(gate: ClosableGate, cutOff: CutOff, drainMs: number): Promise<void> {
  const finishMs = Math.min(limits.shipAtStopMs + 1000, drainMs / 2);
  await gate.shut(AbortSignal.timeout(drainMs - finishMs));
  cutOff.cutAll();
  await gate.shut(AbortSignal.timeout(1000));
}

async function readSummary(
  usage: ReturnType<typeof createClient<typeof UsageService>>,
  grant: KeyGrant,
) {
  const summary = await usage.getBillingSummary(
    { keyId: BigInt(grant.keyId), userId: BigInt(grant.userId) },
    { timeoutMs: limits.questionMs },
  );
  return {
    ofKey: summary.ofKey,
    unlimited: summary.unlimited,
    remainingNanos: summary.remainingNanos,
    usedNanos: summary.usedNanos,
    accessUntil: Number(summary.accessUntil),
    inCurrency: summary.inCurrency,
  };
}
