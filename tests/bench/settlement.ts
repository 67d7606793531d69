import { createTemporaryDirectory } from "@tollgate/kit/testing/temporary-directory";
import { startProcess } from "@tollgate/local/child-process";
import { startMariaDb } from "@tollgate/local/mariadb";
import { databasePid } from "./back-end.ts";
import { median, spread } from "./median.ts";

/** What `settlement-main.ts` prints. */
interface SettlementFigures {
  readonly rows: number;
  readonly rounds: readonly SettlementRound[];
}

interface SettlementRound {
  readonly rows: number;
  readonly seconds: number;
  readonly userMicros: number;
  readonly systemMicros: number;
  /** Of the database server; 0 = there is none. */
  readonly databaseMicros: number;
}

/** How many rows of the usage log a second one quota process settles, on SQLite and on MariaDB, and for how much CPU. */
export async function measureSettlement(): Promise<string> {
  const lines = [
    "### Settlement",
    "",
    "| database | rows/s | min–max | CPU µs/row | min–max | user | kernel | database |",
    "|---|---|---|---|---|---|---|---|",
    row("SQLite", await settle({}, 0)),
  ];
  await using database = await startMariaDb();
  const dsn = database.createDatabase("tollgate");
  lines.push(row("MariaDB", await settle({ SQL_DSN: dsn }, databasePid(database))));
  return `${lines.join("\n")}\n`;
}

async function settle(
  env: Readonly<Record<string, string>>,
  databaseProcess: number,
): Promise<SettlementFigures> {
  using folder = createTemporaryDirectory();
  const main = startProcess({
    program: "tests/bench/settlement-main.ts",
    args: [String(databaseProcess)],
    env: { ...env, DATA_DIR: folder.path },
  });
  const { code } = await main.exited;
  if (code !== 0) {
    throw new Error(`settlement failed: ${main.output()}`);
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the only writer is the benchmark itself
  return JSON.parse(main.output().trim().split("\n").at(-1) ?? "{}") as SettlementFigures;
}

function row(name: string, { rounds }: SettlementFigures): string {
  const rate = rounds.map(({ rows, seconds }) => rows / seconds);
  const micros = rounds.map(({ rows, ...used }) => (used.userMicros + used.systemMicros) / rows);
  const cells = [
    name,
    median(rate).toFixed(0),
    spread(rate, 0),
    median(micros).toFixed(1),
    spread(micros, 1),
    median(rounds.map(({ rows, userMicros }) => userMicros / rows)).toFixed(1),
    median(rounds.map(({ rows, systemMicros }) => systemMicros / rows)).toFixed(1),
    median(rounds.map(({ rows, databaseMicros }) => databaseMicros / rows)).toFixed(1),
  ];
  return `| ${cells.join(" | ")} |`;
}
