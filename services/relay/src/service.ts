import { mkdirSync } from "node:fs";
import type { RequestListener } from "node:http";
import { hostname } from "node:os";
import { join } from "node:path";
import type { ConnectRouter, Transport } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import type { Clock } from "@tollgate/kit/clock/clock";
import type { Logger } from "@tollgate/kit/logging/logger";
import { createMetrics } from "@tollgate/kit/metrics/metrics";
import type { Metrics } from "@tollgate/kit/metrics/metrics";
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
import { scanKeyedCalls } from "#ledgering/idempotency-scan.ts";
import { createDurability } from "#ledgering/durability.ts";
import type { Money } from "#ledgering/open-money.ts";
import { openMoney } from "#ledgering/open-money.ts";
import { limits } from "#limits.ts";
import { createKeptTexts } from "#counting/kept-text.ts";
import { createTokenCounter } from "#counting/token-counter.ts";
import { CutOff } from "#pipeline/cut-off.ts";
import { createDrainSlots } from "#pipeline/drain-slots.ts";
import type { PipelinePorts } from "#pipeline/ports.ts";
import type { IdempotencyKeys } from "#pipeline/idempotency-keys.ts";
import { createIdempotencyKeys } from "#pipeline/idempotency-keys.ts";
import { createUsageWatch } from "#pipeline/usage-watch.ts";
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
import { observeRelay } from "./observe-relay.ts";

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
  /** Absent = nobody looks. */
  readonly metrics?: Metrics;
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
  const { ports, money, snapshots, upstream, gate, stopping } = parts;
  const { logger, clock, metrics = createMetrics() } = deps;
  observeRelay(metrics, { gate, money, usageWatch: ports.usageWatch });
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
      await drain(gate, ports, config.drainMs);
      stopping.abort();
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
  /** Ends what runs in the background. */
  readonly stopping: AbortController;
}

async function openParts(config: RelayConfig, deps: RelayDeps): Promise<Parts> {
  const { logger, clock, quota, version } = deps;
  const folder = join(config.dataDir, "relay");
  mkdirSync(folder, { recursive: true });
  const nodeName = hostname();
  const stopping = new AbortController();
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
    durability: createDurability({
      ...money,
      level: config.durability,
      shipped: async (seq) => money.session.shipped(seq),
      clock,
      logger,
    }),
    snapshot: snapshots.current,
    health: createChannelHealth(clock),
    upstream,
    cutOff: new CutOff(),
    ...openCounting(deps),
    idempotency: openIdempotency({ folder: join(folder, "journal"), money, deps, stopping }),
    clock,
    logger,
    random: Math.random,
    showUsageAlways: config.showUsageAlways,
  };
  return { ports, money, snapshots, upstream, gate: openGate(money, snapshots), stopping };
}

/** Keys of idempotency; those of earlier processes are looked for in the background. */
function openIdempotency(options: {
  readonly folder: string;
  readonly money: Money;
  readonly deps: RelayDeps;
  readonly stopping: AbortController;
}): IdempotencyKeys {
  const { folder, money, stopping } = options;
  const { clock, logger } = options.deps;
  const keys = createIdempotencyKeys({
    clock,
    countMax: limits.idempotencyKeysMax,
    keptMs: limits.idempotencyKeptMs,
    waitMs: limits.idempotencyWaitMs,
  });
  if (money.journal.epoch === 1) {
    keys.markRestored();
    return keys;
  }
  scanKeyedCalls({
    folder,
    notBeforeMs: clock.nowMs() - limits.idempotencyKeptMs,
    segmentsMax: limits.idempotencySegmentsMax,
    onCall: keys.restore,
    signal: stopping.signal,
  })
    .catch((error: unknown) => {
      // Better a key that is taken for new than no call with a key at all.
      logger.error({ err: error }, "keys of idempotency cannot be read from the journal");
    })
    .finally(keys.markRestored);
  return keys;
}

function openCounting({ clock, logger }: RelayDeps) {
  const { countMs, countsMax, countCharsMax, keptCharsMax, keptTotalCharsMax } = limits;
  return {
    counting: createTokenCounter({
      clock,
      logger,
      deadlineMs: countMs,
      queueMax: countsMax,
      charsMax: countCharsMax,
    }),
    texts: createKeptTexts({ charsMax: keptCharsMax, totalCharsMax: keptTotalCharsMax }),
    usageWatch: createUsageWatch(logger),
    drains: createDrainSlots(limits.drainsMax),
  };
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
async function drain(gate: ClosableGate, ports: PipelinePorts, drainMs: number): Promise<void> {
  const finishMs = Math.min(limits.shipAtStopMs + 1000, drainMs / 2);
  await gate.shut(AbortSignal.timeout(drainMs - finishMs));
  // What is cut now has no time to be counted.
  await ports.counting.close();
  ports.cutOff.cutAll();
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
