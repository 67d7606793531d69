import type { RequestListener } from "node:http";
import type { Clock } from "@tollgate/kit/clock/clock";
import type { Logger } from "@tollgate/kit/logging/logger";
import { createSecretBox } from "@tollgate/kit/secrets/secret-box";
import { deriveKey, loadSecretKey } from "@tollgate/kit/secrets/secret-key";
import type { Database } from "@tollgate/kit/sql/database";
import type { AdminContext } from "#admin-context.ts";
import { createChannelTypes } from "#api/channel/channel-types.ts";
import { registerRoutes } from "#api/register-routes.ts";
import { createAuthenticator } from "#auth/authenticator.ts";
import { createLoginThrottle } from "#auth/login-throttle.ts";
import { loadSessionSecret } from "#auth/session-secret.ts";
import { createSessions } from "#auth/sessions.ts";
import { createSetupCode } from "#auth/setup-code.ts";
import { createSetupState } from "#auth/setup-state.ts";
import { createUserCache } from "#auth/user-cache.ts";
import { createServer } from "#http/create-server.ts";
import { createInFlight } from "#http/in-flight.ts";
import { limits } from "#limits.ts";
import { createLiveFeeds } from "#live/live-feeds.ts";
import { createOptionBook } from "#options/option-book.ts";
import { createOwnOptions } from "#options/own-options.ts";
import { type AdminTransports, createRpcClients, type RpcClients } from "#rpc/rpc-clients.ts";
import { createOptionStore } from "#store/sql/option-store.ts";
import { openAdminDatabase } from "#store/sql/open-admin-database.ts";
import { createSessionStore } from "#store/sql/session-store.ts";
import { type AdminConfig, adminSqlitePath } from "./config.ts";
import { startBackgroundWork } from "./background-work.ts";
import { waitForSetupUrl } from "./setup-url.ts";

/** What the admin service is given. */
export interface AdminDependencies extends AdminTransports {
  readonly logger: Logger;
  readonly clock: Clock;
  readonly version: string;
  /** The address under which browsers reach this service, for example "http://localhost:3000". */
  readonly publicUrl: () => string;
}

/** The management API and the portal. */
export interface AdminService {
  /** Answers every request that {@link AdminService.matches}. */
  readonly handler: RequestListener;
  /** True for every path: what no other service serves belongs to the portal. */
  matches(path: string): boolean;
  /** True while quota and registry have answered lately. */
  isReady(): boolean;
  /** Where to make the root user, with the one-time code; `undefined` if there is one. Waits until quota answers. */
  setupUrl(): Promise<string | undefined>;
  /** Ends live streams, lets calls finish, closes the database. */
  stop(deadline: AbortSignal): Promise<void>;
}

/** Puts the admin service together. It starts also while the services that it calls are away. */
export async function createAdminService(
  config: AdminConfig,
  dependencies: AdminDependencies,
): Promise<AdminService> {
  const { logger } = dependencies;
  const rpc = createRpcClients(dependencies);
  const database = await openAdminDatabase({
    dsn: config.sqlDsn,
    sqlitePath: adminSqlitePath(config),
    poolMax: config.sqlPoolMax,
    logger,
  });
  const context = await createContext({ config, dependencies, rpc, database });
  const background = startBackgroundWork({ ...context, logger });
  const server = await createServer({
    logger,
    version: dependencies.version,
    authenticator: context.authenticator,
    isReady: () => context.options.isReady(),
    trustedProxies: config.trustedProxies,
    apiRateLimit: config.apiRateLimit,
    portalDir: config.portalDir,
    relayOrigin:
      config.relayBaseUrl === undefined ? undefined : new URL(config.relayBaseUrl).origin,
    registerRoutes: (api) => registerRoutes(api, context),
  });
  const inFlight = createInFlight();
  const stopping = new AbortController();
  return {
    handler: inFlight.count((request, response) => server.routing(request, response)),
    matches: () => true,
    isReady: () => context.options.isReady(),
    setupUrl: async () =>
      waitForSetupUrl({
        ...context,
        logger,
        publicUrl: dependencies.publicUrl,
        signal: stopping.signal,
      }),
    async stop(deadline) {
      stopping.abort();
      background.stop();
      // Ends live streams and refuses new requests.
      await server.close();
      await inFlight.idle(deadline);
      await context.feeds.close();
      await database.close();
    },
  };
}

interface ContextParts {
  readonly config: AdminConfig;
  readonly dependencies: AdminDependencies;
  readonly rpc: RpcClients;
  readonly database: Database;
}

async function createContext(parts: ContextParts): Promise<AdminContext> {
  const { config, dependencies, rpc, database } = parts;
  const { logger, clock, version } = dependencies;
  const { dataDir } = config;
  const masterKey = loadSecretKey({ keyFile: config.secretKeyFile, dataDir });
  const box = createSecretBox(deriveKey(masterKey, "admin-options"));
  const secret = await loadSessionSecret({ configured: config.sessionSecret, dataDir, logger });
  const sessions = createSessions({ store: createSessionStore(database), secret, clock });
  const userCache = createUserCache({ rpc, clock });
  const own = createOwnOptions(createOptionStore(database, box), config.theme);
  return {
    rpc,
    clock,
    version,
    relayBaseUrl: config.relayBaseUrl ?? "",
    paymentSecrets: config.paymentSecrets,
    sessions,
    userCache,
    authenticator: createAuthenticator({ sessions, userCache, rpc }),
    throttle: createLoginThrottle({ clock, entriesMax: limits.throttleEntriesMax }),
    setupCode: createSetupCode({ dataDir, clock }),
    setupState: createSetupState(rpc),
    options: createOptionBook({ rpc, own, clock }),
    channelTypes: createChannelTypes({ rpc, clock }),
    feeds: createLiveFeeds({ rpc, logger, clock }),
  };
}
