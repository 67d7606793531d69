import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { platformFaults } from "../fault/fault.ts";

/** A data directory that this process has to itself. */
export interface DataDirLock {
  release(): void;
}

/**
 * Takes a data directory, made when missing, for this process alone. The operating system gives the lock back when the
 * process dies, however it dies. Throws the fault `DATA_DIR_IN_USE`.
 */
export function lockDataDir(dataDir: string): DataDirLock {
  mkdirSync(dataDir, { recursive: true });
  // SQLite takes a record lock of the operating system on the file for as long as the transaction is open.
  const file = new DatabaseSync(join(dataDir, ".lock"));
  try {
    file.exec("pragma journal_mode = memory; pragma busy_timeout = 0; begin exclusive");
  } catch (error) {
    // Translates, and closes what was opened.
    file.close();
    throw isBusy(error) ? platformFaults.fault("DATA_DIR_IN_USE", { cause: error }) : error;
  }
  let isHeld = true;
  return {
    release() {
      if (isHeld) {
        isHeld = false;
        file.close();
      }
    },
  };
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && /database is locked/iu.test(error.message);
}
