/** The whole admin service over real HTTP and a real database (SQLite, or on the server that TEST_SQL_DSN names), with fakes of the services behind it. */
import { createServer } from "node:http";
import { join } from "node:path";
import { createFakeClock, type FakeClock } from "@tollgate/kit/testing/fake-clock";
import { readStoredFile, readStoredTables } from "@tollgate/kit/testing/read-stored";
import { openServerDatabase } from "@tollgate/kit/testing/server-database";
import { createTemporaryDirectory } from "@tollgate/kit/testing/temporary-directory";
import { readConfig } from "@tollgate/kit/config/config";
import { createInMemoryTransport } from "@tollgate/kit/grpc/in-memory-transport";
import { listen } from "@tollgate/kit/lifecycle/listen";
import { createLogger } from "@tollgate/kit/logging/logger";
import { adminConfigSchema, adminSqlitePath } from "../config.ts";
import { type AdminService, createAdminService } from "../service.ts";
import { entities } from "#store/sql/entities.ts";
import { openAdminDatabase } from "#store/sql/open-admin-database.ts";
import { createFakeQuota, type FakeQuota } from "./fake-quota.ts";
import { createFakeRegistry, type FakeRegistry } from "./fake-registry.ts";
import { registerFakeRelay } from "./fake-relay.ts";
import { createFakeScheduler, type FakeScheduler } from "./fake-scheduler.ts";
import { createTestBrowser, type TestBrowser } from "./test-browser.ts";
import type { FakeUser } from "./fake-users.ts";

/** A running service and what is behind it. */
export interface RunningAdmin extends AsyncDisposable {
  readonly service: AdminService;
  readonly quota: FakeQuota;
  readonly registry: FakeRegistry;
  readonly scheduler: FakeScheduler;
  readonly clock: FakeClock;
  readonly dataDir: string;
  /** Everything in the database, as one text. */
  readStored(): Promise<string>;
  readonly origin: string;
  /** Lines of the log. */
  readonly logLines: string[];
  /** A browser that nobody has signed in with. */
  browser(): TestBrowser;
  /** A browser in which the user has signed in. */
  signIn(user: FakeUser): Promise<TestBrowser>;
  /** Adds the root user, unless there is one. */
  addRoot(): FakeUser;
}

/** Starts the service; environment variables may be given. Stops with `await using`. */
export async function startAdmin(
  environment: Readonly<Record<string, string>> = {},
): Promise<RunningAdmin> {
  const directory = createTemporaryDirectory();
  const database = await openServerDatabase();
  const clock = createFakeClock();
  const logLines: string[] = [];
  const logger = createLogger({
    service: "admin",
    level: "info",
    output: { write: (line) => logLines.push(line) },
  });
  const quota = createFakeQuota();
  const registry = createFakeRegistry();
  const scheduler = createFakeScheduler();
  const config = readConfig(adminConfigSchema, {
    DATA_DIR: directory.path,
    PORTAL_DIR: join(directory.path, "portal"),
    GLOBAL_API_RATE_LIMIT: "0",
    SQL_DSN: database?.dsn,
    ...environment,
  });
  let origin = "";
  const service = await createAdminService(config, {
    logger,
    clock,
    version: "1.2.3",
    publicUrl: () => origin,
    quota: createInMemoryTransport((router) => quota.routes(router), logger),
    registry: createInMemoryTransport((router) => registry.routes(router), logger),
    relay: createInMemoryTransport(registerFakeRelay, logger),
    scheduler: createInMemoryTransport((router) => scheduler.routes(router), logger),
  });
  const server = createServer(service.handler);
  const port = await listen(server, { host: "127.0.0.1", port: 0, what: "HTTP" });
  origin = `http://127.0.0.1:${port}`;
  const browser = (): TestBrowser => createTestBrowser(origin);
  return {
    service,
    quota,
    registry,
    scheduler,
    clock,
    dataDir: directory.path,
    readStored: async () =>
      database === undefined
        ? readStoredFile(adminSqlitePath(config))
        : readStoredTables(
            await openAdminDatabase({ dsn: database.dsn, sqlitePath: "", poolMax: 2, logger }),
            entities.map(({ meta }) => meta.tableName),
          ),
    origin,
    logLines,
    browser,
    async signIn(user) {
      const signedIn = browser();
      await signedIn.post("/api/user/login", {
        username: user.user.username,
        password: user.password,
      });
      return signedIn;
    },
    addRoot: () =>
      [...quota.users.rows.values()].find(({ user }) => user.role === 100) ??
      quota.users.add({ username: "root", role: 100 }),
    async [Symbol.asyncDispose]() {
      await service.stop(AbortSignal.timeout(5000));
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
      await database?.drop();
      directory.remove();
    },
  };
}
