/**
 * The log database, which may be away. Nothing of the present needs it: quota starts and settles without it, rows stay in the main
 * database, and what needs older rows is refused. It is asked every minute, so that an operator hears of it before a reader does.
 */
import type { Clock } from "@tollgate/kit/clock/clock";
import { isFault } from "@tollgate/kit/fault/fault";
import type { Fault } from "@tollgate/kit/fault/fault";
import type { Logger } from "@tollgate/kit/logging/logger";
import type { Database } from "@tollgate/kit/sql/database";
import type { SqlDialect } from "@tollgate/kit/sql/sql-dialect";
import { fault } from "#domain/faults.ts";

/** A database as far as the log needs one. While the log database is away its functions throw LOG_DATABASE_AWAY. */
export type LogDatabase = Omit<Database, "orm" | "em">;

/** The log database and whether it answers. */
export interface LogArchive extends LogDatabase {
  /** False until it has answered, and since it has not. */
  readonly isUp: () => boolean;
}

/** What {@link createLogArchive} needs. */
export interface LogArchiveOptions {
  readonly dialect: SqlDialect;
  /** Connects and brings the schema up to date. */
  readonly open: () => Promise<Database>;
  readonly clock: Pick<Clock, "nowMs" | "setInterval">;
  readonly logger: Pick<Logger, "warn" | "info">;
}

// Each try may wait for a connection for ten seconds; so that not every reader does, the others are refused in the meantime.
const againMs = 5000;
const lookEveryMs = 60_000;
const lookSql = "select 1";

/** Makes the handle and connects in the background. */
export function createLogArchive(options: LogArchiveOptions): LogArchive {
  const presence = createPresence(options);
  let opened: Promise<Database> | undefined;

  async function connect(): Promise<Database> {
    presence.check();
    opened ??= options.open();
    const attempt = opened;
    try {
      return await attempt;
    } catch (error) {
      // Translates, and lets the next one try again.
      opened = opened === attempt ? undefined : opened;
      throw presence.markAway(error);
    }
  }

  async function use<Result>(work: (database: Database) => Promise<Result>): Promise<Result> {
    const database = await connect();
    try {
      const result = await work(database);
      presence.markUp();
      return result;
    } catch (error) {
      if (isFault(error)) {
        throw error;
      }
      if (!(await answers(database))) {
        // Translates: whatever failed, it was because nobody answers.
        throw presence.markAway(error);
      }
      presence.markUp();
      // Compensates: a server that was restarted has closed every connection. Rows are only read here, or written once by their
      // key, so doing it again is harmless; what failed for another reason fails again.
      return work(database);
    }
  }

  const stopLooking = startLooking(options, async () =>
    use(async (database) => database.query(lookSql)),
  );
  return {
    dialect: options.dialect,
    isUp: presence.isUp,
    execute: async (...statement) => use(async (database) => database.execute(...statement)),
    query: async <Row extends object>(...statement: Parameters<Database["query"]>) =>
      use(async (database) => database.query<Row>(...statement)),
    transaction: async (work, mode) => use(async (database) => database.transaction(work, mode)),
    close: async () => {
      presence.end();
      stopLooking();
      const database = await opened?.catch(() => undefined);
      await database?.close();
    },
  };
}

/** Whether the database is there, as far as is known, and who is told of it. */
interface Presence {
  readonly isUp: () => boolean;
  /** Throws LOG_DATABASE_AWAY while it is not worth asking. */
  readonly check: () => void;
  readonly markUp: () => void;
  /** Answers the fault to throw. */
  readonly markAway: (error: unknown) => Fault;
  readonly end: () => void;
}

function createPresence({ clock, logger }: Pick<LogArchiveOptions, "clock" | "logger">): Presence {
  let state: "unknown" | "up" | "away" | "ended" = "unknown";
  let askAgainMs = 0;
  const awayFault = (cause?: unknown): Fault =>
    fault("LOG_DATABASE_AWAY", { cause, retryAfterMs: againMs });
  return {
    isUp: () => state === "up",
    check() {
      if (state === "ended" || (state === "away" && clock.nowMs() < askAgainMs)) {
        throw awayFault();
      }
    },
    markUp() {
      if (state === "away") {
        logger.info({}, "the log database is back");
      }
      state = state === "ended" ? state : "up";
    },
    markAway(error) {
      askAgainMs = clock.nowMs() + againMs;
      if (state === "unknown" || state === "up") {
        state = "away";
        logger.warn(
          { err: error },
          "the log database is away: calls stay in the main database, older ones cannot be read",
        );
      }
      return awayFault(error);
    },
    end() {
      state = "ended";
    },
  };
}

/** Asks now and every minute; answers what ends it. */
function startLooking(
  { clock }: Pick<LogArchiveOptions, "clock">,
  ask: () => Promise<unknown>,
): () => void {
  const look = (): void => {
    ask().catch(() => {
      // It has been told; the next look asks again.
    });
  };
  const timer = clock.setInterval(look, lookEveryMs);
  look();
  return () => timer.cancel();
}

async function answers(database: Database): Promise<boolean> {
  try {
    await database.query(lookSql);
    return true;
  } catch {
    // The failure that led here is the one to tell of.
    return false;
  }
}
