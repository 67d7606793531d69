/** Composes what looks back: explanations, reports and checks. The service's composition root calls it once at the start. */
import type { Clock } from "@tollgate/kit/clock/clock";
import type { Logger } from "@tollgate/kit/logging/logger";
import type { Database } from "@tollgate/kit/sql/database";
import { createExplainCall } from "#usecases/reports/explain-call.ts";
import { createReRate } from "#usecases/reports/re-rate.ts";
import { createReadStatement } from "#usecases/reports/read-statement.ts";
import { createRunCheck } from "#usecases/reconcile/run-check.ts";
import type { Money } from "./money.ts";
import type { ReportingUseCases } from "./rpc/report-routes.ts";
import { createBatchSums } from "./store/sql/batch-sums.ts";
import { createCallSurroundings } from "./store/sql/call-surroundings-store.ts";
import { createCheckRunStore } from "./store/sql/check-run-store.ts";
import { createJournalSums } from "./store/sql/journal-sums.ts";
import type { LogDatabase } from "./store/sql/log-database.ts";
import { createLogReader } from "./store/sql/log-store.ts";
import { createReplaySums } from "./store/sql/replay-sums.ts";
import { createRatedCallReader } from "./store/sql/rated-call-reader.ts";
import { createStatementReader } from "./store/sql/statement-reader.ts";
import { createUserSums } from "./store/sql/user-sums.ts";

/** What is composed. */
export interface ReportDependencies {
  readonly database: Database;
  /** The log database; absent = the main database has every call. */
  readonly archive?: LogDatabase | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly books: Money["books"];
  /** How long one run of a check may take. */
  readonly checkBudgetMs?: number;
}

// Whoever asks for a run waits for a minute at most.
const checkBudgetMs = 20_000;

/** Makes the use cases; nothing runs by itself. */
export function createReports(dependencies: ReportDependencies): ReportingUseCases {
  const { database, clock, logger, books } = dependencies;
  const checkRuns = createCheckRunStore(database);
  return {
    explainCall: createExplainCall({
      log: createLogReader(dependencies, clock),
      books,
      surroundings: createCallSurroundings(database),
    }),
    reRate: createReRate({ calls: createRatedCallReader(dependencies), books, clock }),
    readStatement: createReadStatement({ statements: createStatementReader(database), clock }),
    runCheck: createRunCheck({
      userSums: createUserSums(database),
      batchSums: createBatchSums(database),
      journalSums: createJournalSums(database),
      replaySums: createReplaySums(database),
      random: Math.random,
      checkRuns,
      clock,
      logger,
      budgetMs: dependencies.checkBudgetMs ?? checkBudgetMs,
    }),
    checkRuns,
  };
}
