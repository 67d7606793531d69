import type { ConnectRouter } from "@connectrpc/connect";
import type { Clock } from "@tollgate/kit/clock/clock";
import type { Logger } from "@tollgate/kit/logging/logger";
import { loadSecretKey } from "@tollgate/kit/secrets/secret-key";
import type { Database } from "@tollgate/kit/sql/database";
import { ChannelService } from "@tollgate/proto/registry/v1/channel_service";
import { HealthService } from "@tollgate/proto/registry/v1/health_service";
import { OptionService } from "@tollgate/proto/registry/v1/option_service";
import { SnapshotService } from "@tollgate/proto/registry/v1/snapshot_service";
import { createChannelHandlers } from "#rpc/channel-handlers.ts";
import type { ChannelUsecases } from "#rpc/channel-handlers.ts";
import { createHealthHandlers } from "#rpc/health-handlers.ts";
import { createOptionHandlers } from "#rpc/option-handlers.ts";
import { createSnapshotHandlers } from "#rpc/snapshot-handlers.ts";
import { createChannelStore } from "#store/sql/channel-store.ts";
import { createCredentialSeal } from "#store/sql/credential-seal.ts";
import { openRegistryDatabase } from "#store/sql/open-registry-database.ts";
import { createOptionStore } from "#store/sql/option-store.ts";
import { createRoutingStore } from "#store/sql/routing-store.ts";
import {
  deleteChannels,
  deleteDisabledChannels,
  updateChannel,
  updateChannels,
} from "#usecases/change-channels.ts";
import { changeOption, readAllOptions } from "#usecases/change-option.ts";
import { createChannels } from "#usecases/create-channels.ts";
import { createHealthBook } from "#usecases/health-book.ts";
import type { HealthBook } from "#usecases/health-book.ts";
import type { ChannelStore } from "#usecases/ports.ts";
import { getChannel, listChannels, listModels } from "#usecases/read-channels.ts";
import { recordBalance, recordTest, reportHealth } from "#usecases/report-health.ts";
import { createRoutingTable } from "#usecases/routing-table.ts";
import type { RoutingTable } from "#usecases/routing-table.ts";
import { startSavingUsedMoney } from "#usecases/save-used-money.ts";
import type { PublishChanges } from "#usecases/publish-changes.ts";
import { createPublishChanges } from "#usecases/publish-changes.ts";
import { createSnapshotDelivery } from "#usecases/snapshot-delivery.ts";
import { createSnapshotFeed } from "#usecases/snapshot-feed.ts";
import { registrySqlitePath } from "./config.ts";
import type { RegistryConfig } from "./config.ts";

/** What the registry gets from its process. */
export interface RegistryDeps {
  readonly logger: Logger;
  readonly clock: Clock;
  readonly version: string;
}

/** The running registry, without a socket. */
export interface RegistryService {
  readonly routes: (router: ConnectRouter) => void;
  readonly isReady: () => boolean;
  readonly stop: (deadline: AbortSignal) => Promise<void>;
}

interface Parts extends RegistryDeps {
  readonly database: Database;
  readonly channels: ChannelStore;
  readonly routing: RoutingTable;
  readonly health: HealthBook;
  readonly publish: PublishChanges;
}

/** Opens the database, loads the routing table and follows it. Rejects when the database cannot be opened. */
export async function createRegistryService(
  config: RegistryConfig,
  deps: RegistryDeps,
): Promise<RegistryService> {
  const { logger, clock } = deps;
  const { dataDir, secretKeyFile } = config;
  const seal = createCredentialSeal(loadSecretKey({ keyFile: secretKeyFile, dataDir }));
  const database = await openRegistryDatabase({
    dsn: config.sqlDsn,
    sqlitePath: registrySqlitePath(config),
    poolMax: config.sqlConnectionsMax,
    logger,
  });
  const channels = createChannelStore(database, seal);
  const store = createRoutingStore(database, seal);
  const routing = createRoutingTable({ store, clock, logger });
  const health = createHealthBook(clock);
  routing.onChange(({ removedIds }) => health.forget(removedIds));
  const feed = createSnapshotFeed({ routing, clock });
  const delivery = createSnapshotDelivery(clock);
  const publish = createPublishChanges({ routing, delivery });
  const parts: Parts = { ...deps, database, channels, routing, health, publish };
  const saver = startSavingUsedMoney(parts);
  routing.startPolling();
  return {
    routes: (router) => {
      router.service(ChannelService, createChannelHandlers(channelUsecases(parts)));
      router.service(HealthService, createHealthHandlers(healthUsecases(parts)));
      router.service(OptionService, createOptionHandlers(optionUsecases(parts)));
      router.service(SnapshotService, createSnapshotHandlers({ feed, delivery, logger }));
    },
    isReady: routing.isLoaded,
    stop: async () => {
      feed.close();
      await routing.close();
      await saver.close();
      await database.close();
    },
  };
}

function channelUsecases(parts: Parts): ChannelUsecases {
  return {
    createChannels: createChannels(parts),
    getChannel: getChannel(parts),
    listChannels: listChannels(parts),
    updateChannel: updateChannel(parts),
    updateChannels: updateChannels(parts),
    deleteChannels: deleteChannels(parts),
    deleteDisabledChannels: deleteDisabledChannels(parts),
    listModels: listModels(parts),
  };
}

function healthUsecases(parts: Parts) {
  return {
    reportHealth: reportHealth(parts),
    recordTest: recordTest(parts),
    recordBalance: recordBalance(parts),
  };
}

function optionUsecases(parts: Parts) {
  const ports = { ...parts, options: createOptionStore(parts.database) };
  return { readAllOptions: readAllOptions(ports), changeOption: changeOption(ports) };
}
