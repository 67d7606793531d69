import { booleanColumn, integerColumn, textColumn } from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow } from "@tollgate/kit/sql/database";
import { limitOffset } from "@tollgate/kit/sql/sql-dialect";
import { uuidV7Bytes } from "@tollgate/kit/ids/uuid-v7";
import { z } from "zod";
import { checks } from "#domain/check-run.ts";
import type { Check, CheckRun } from "#domain/check-run.ts";
import { firstIdAt } from "#domain/log-entry.ts";
import type { CheckRunStore } from "#usecases/reconcile/reconcile-ports.ts";
import { insertMany } from "./insert-many.ts";

const dayMs = 86_400_000;
const keptMs = 7 * dayMs;
const keptAlarmMs = 90 * dayMs;

const stateSchema = z.record(z.string(), z.unknown());
const sentencesSchema = z.array(z.string());

const insertRun = insertMany({
  table: "reconcile_runs",
  columns: [
    "run_id",
    "job",
    "at_ms",
    "took_ms",
    "checked",
    "violation_count",
    "violations",
    "is_complete",
    "state",
  ],
});

const selectRuns = `select job, at_ms, took_ms, checked, violation_count, violations, is_complete
  from reconcile_runs`;

/** Runs of checks in a database. */
export function createCheckRunStore(database: Database): CheckRunStore {
  const findLast = async (check: Check): Promise<readonly CheckRun[]> => {
    const rows = await database.query<SqlRow>(
      `${selectRuns} where job = ? order by run_id desc${limitOffset(1)}`,
      [check],
    );
    return rows.flatMap(runOf);
  };
  return {
    async findState(check) {
      const [row] = await database.query<SqlRow>(
        `select state from reconcile_runs where job = ? order by run_id desc${limitOffset(1)}`,
        [check],
      );
      return row === undefined ? {} : stateSchema.parse(JSON.parse(textColumn(row["state"])));
    },
    async insert(run, state) {
      await database.transaction(async (tx) => {
        await insertRun(tx, [
          [
            uuidV7Bytes(run.atMs),
            run.check,
            run.atMs,
            run.tookMs,
            run.checked,
            run.violationCount,
            JSON.stringify(run.violations),
            run.isComplete,
            JSON.stringify(state),
          ],
        ]);
        await tx.run(
          `delete from reconcile_runs where job = ? and run_id < ? and (violation_count = 0 or run_id < ?)`,
          [run.check, firstIdAt(run.atMs - keptMs), firstIdAt(run.atMs - keptAlarmMs)],
        );
      });
    },
    listLast: async () => (await Promise.all(checks.map(findLast))).flat(),
    async listAlarms(max) {
      const rows = await database.query<SqlRow>(
        `${selectRuns} where violation_count > 0 order by run_id desc${limitOffset(max)}`,
      );
      return rows.flatMap(runOf);
    },
  };
}

/** A run of a check that this version does not know is left out. */
function runOf(row: SqlRow): readonly CheckRun[] {
  const check = checks.find((known) => known === row["job"]);
  return check === undefined
    ? []
    : [
        {
          check,
          atMs: integerColumn(row["at_ms"]),
          tookMs: integerColumn(row["took_ms"]),
          checked: integerColumn(row["checked"]),
          violationCount: integerColumn(row["violation_count"]),
          violations: sentencesSchema.parse(JSON.parse(textColumn(row["violations"]))),
          isComplete: booleanColumn(row["is_complete"]),
        },
      ];
}
