import type { ConnectRouter } from "@connectrpc/connect";
import type { Clock } from "@tollgate/kit/clock/clock";
import type { Logger } from "@tollgate/kit/logging/logger";
import type { Database } from "@tollgate/kit/sql/database";
import { parseDsn } from "@tollgate/kit/sql/dsn";
import type { ServerAddress } from "@tollgate/kit/sql/dsn";
import { createMetrics } from "@tollgate/kit/metrics/metrics";
import type { Metrics } from "@tollgate/kit/metrics/metrics";
import { loadSecretKey } from "@tollgate/kit/secrets/secret-key";
import { PriceService } from "@tollgate/proto/quota/v1/price_service";
import { defaultRatioOptions } from "#domain/default-ratios.ts";
import { initialOptions } from "#domain/option.ts";
import { identityRoutes } from "#rpc/identity-routes.ts";
import { createPriceHandlers } from "#rpc/price-handlers.ts";
import { moneyRoutes } from "#rpc/money-routes.ts";
import { paymentRoutes } from "#rpc/payment-routes.ts";
import { reportRoutes } from "#rpc/report-routes.ts";
import { createLogCopier } from "#store/sql/log-copier.ts";
import { createLogArchive } from "#store/sql/log-database.ts";
import type { LogArchive, LogDatabase } from "#store/sql/log-database.ts";
import { openQuotaDatabase } from "#store/sql/open-quota-database.ts";
import { startKeepingLog } from "#usecases/log/keep-log.ts";
import { quotaSqlitePath } from "./config.ts";
import type { QuotaConfig } from "./config.ts";
import { createIdentity } from "./identity.ts";
import { createMoney } from "./money.ts";
import type { Money } from "./money.ts";
import { observeChecks, observeLogArchive, observeSettlements } from "./observe-quota.ts";
import { createPayments } from "./payments.ts";
import { createReports } from "./reports.ts";

/** What quota gets from its process. */
export interface QuotaDeps {
  readonly logger: Logger;
  readonly clock: Clock;
  readonly version: string;
  /** Absent = nobody looks. */
  readonly metrics?: Metrics;
}

/** The running quota service, without a socket. */
export interface QuotaService {
  readonly routes: (router: ConnectRouter) => void;
  readonly isReady: () => boolean;
  /** Ends the sessions of relays, then closes the database. */
  readonly stop: (deadline: AbortSignal) => Promise<void>;
}

/** Opens the database and reads what is kept in memory. Rejects when the database cannot be opened. */
export async function createQuotaService(
  config: QuotaConfig,
  { logger, clock, metrics = createMetrics() }: QuotaDeps,
): Promise<QuotaService> {
  const { dataDir, secretKeyFile, admissionTtlSeconds, forceCloseAfterHours } = config;
  const masterKey = loadSecretKey({ keyFile: secretKeyFile, dataDir });
  const database = await openQuotaDatabase({
    dsn: config.sqlDsn,
    sqlitePath: quotaSqlitePath(config),
    poolMax: config.sqlConnectionsMax,
    logger,
  });
  const archive = createArchive(config, { logger, clock });
  const money = await createMoney({
    database,
    clock,
    logger,
    admissionTtlSeconds,
    forceCloseAfterHours,
  });
  const identity = await createIdentity({
    ...money,
    database,
    archive,
    clock,
    logger,
    masterKey,
    initialOptions: initialOptions(defaultRatioOptions),
    initialRoot: initialRootOf(config),
  });
  const payments = createPayments({ database, archive, clock, masterKey, money, identity });
  const reports = createReports({ database, archive, clock, logger, books: money.books });
  const runCheck = observeChecks(metrics, reports.runCheck);
  observeSettlements(metrics, money.settled);
  observeLogArchive(metrics, archive);
  const stopKeepingLog = await keepLog(config, { database, archive, money, clock, logger });
  let isRunning = true;
  return {
    routes: (router) => {
      identityRoutes(router, identity.useCases);
      moneyRoutes(router, money.useCases);
      router.service(PriceService, createPriceHandlers({ ...money, ...identity, clock }));
      paymentRoutes(router, payments);
      reportRoutes(router, { ...reports, runCheck });
    },
    isReady: () => isRunning,
    stop: async () => {
      isRunning = false;
      await stopKeepingLog();
      identity.close();
      money.close();
      await database.close();
      await archive?.close();
    },
  };
}

interface KeptLog extends Pick<QuotaDeps, "clock" | "logger"> {
  readonly database: Database;
  readonly archive: LogDatabase | undefined;
  readonly money: Pick<Money, "logKeeping">;
}

async function keepLog(
  { logRetentionDays }: QuotaConfig,
  { database, archive, money, clock, logger }: KeptLog,
): Promise<() => Promise<void>> {
  const logCopier =
    archive === undefined ? undefined : createLogCopier({ main: database, log: archive });
  const { logKeeping } = money;
  return startKeepingLog({ logKeeping, logCopier, clock, logger, logRetentionDays });
}

function initialRootOf(config: QuotaConfig) {
  return {
    password: config.initialRootPassword,
    token: config.initialRootToken,
    accessToken: config.initialRootAccessToken,
  };
}

/** The log database, if there is one. It has the tables of the main database, of which it uses two. */
function createArchive(
  { logSqlDsn, sqlDsn, sqlConnectionsMax }: QuotaConfig,
  { logger, clock }: Pick<QuotaDeps, "logger" | "clock">,
): LogArchive | undefined {
  if (logSqlDsn === undefined) {
    return undefined;
  }
  const address = parseDsn(logSqlDsn);
  if (sqlDsn !== undefined && isSameDatabase(address, parseDsn(sqlDsn))) {
    throw new Error("LOG_SQL_DSN names the database of SQL_DSN; what leaves it would be lost");
  }
  const options = { dsn: logSqlDsn, sqlitePath: "", poolMax: sqlConnectionsMax, logger };
  const open = async (): Promise<Database> => openQuotaDatabase(options);
  return createLogArchive({ dialect: address.kind, open, clock, logger });
}

function isSameDatabase(left: ServerAddress, right: ServerAddress): boolean {
  return left.host === right.host && left.port === right.port && left.database === right.database;
}
