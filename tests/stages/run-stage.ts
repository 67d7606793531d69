import type { WriteStream } from "node:fs";
import { createWriteStream, globSync, mkdirSync } from "node:fs";
import { join, relative } from "node:path";
import { testDsnVariable } from "@tollgate/kit/testing/server-database";
import { ensurePackages } from "@tollgate/local/ensure-packages";
import type { PrivateMariaDb } from "@tollgate/local/mariadb";
import { startMariaDb } from "@tollgate/local/mariadb";
import type { PrivatePostgres } from "@tollgate/local/postgres";
import { startPostgres } from "@tollgate/local/postgres";
import type { Progress } from "./progress.ts";
import { formatElapsed } from "./progress.ts";
import { runCommand } from "./run-command.ts";
import type { DatabaseServer, Stage, StageOutcome } from "./stage.ts";

const root = join(import.meta.dirname, "../..");
const artifacts = join(root, "tests", ".artifacts");
const failureLinesMax = 80;

type Counts = Pick<StageOutcome, "passed" | "failed" | "failure">;

/** Runs one stage; its whole output goes to tests/.artifacts/<stage>.log. */
export async function runStage(stage: Stage, progress: Progress): Promise<StageOutcome> {
  mkdirSync(artifacts, { recursive: true });
  const logPath = join(artifacts, `${stage.name}.log`);
  const log = createWriteStream(logPath);
  const startedAt = performance.now();
  const counts =
    stage.kind === "commands"
      ? await runCommands(stage, log, progress)
      : await runTests(stage, log, progress);
  await new Promise<void>((resolve) => {
    log.end(resolve);
  });
  const elapsedMs = performance.now() - startedAt;
  return { name: stage.name, ...counts, elapsedMs, logPath: relative(root, logPath) };
}

async function runCommands(
  stage: Extract<Stage, { kind: "commands" }>,
  log: WriteStream,
  progress: Progress,
): Promise<Counts> {
  let passed = 0;
  const failures: string[] = [];
  for (const { title, argv, cwd, skip } of stage.commands) {
    const reason = skip?.();
    if (reason !== undefined) {
      progress.print(`    - ${title}: not run, ${reason}`);
      continue;
    }
    progress.show(`    ${title} …`);
    log.write(`\n== ${title}: ${argv.join(" ")}\n`);
    const startedAt = performance.now();
    const { code, output } = await runCommand(argv, log, cwd === undefined ? {} : { cwd });
    const elapsed = formatElapsed(performance.now() - startedAt);
    progress.print(`    ${code === 0 ? "✔" : "✖"} ${title} (${elapsed})`);
    if (code === 0) {
      passed += 1;
    } else {
      failures.push(`${title} (exit ${code})\n${lastLines(output)}`);
    }
  }
  return { passed, failed: failures.length, failure: failures.join("\n\n") };
}

async function runTests(
  stage: Extract<Stage, { kind: "tests" }>,
  log: WriteStream,
  progress: Progress,
): Promise<Counts> {
  const files = globSync(stage.files, { cwd: root }).filter(
    (file) => !file.includes("node_modules"),
  );
  if (files.length === 0) {
    return { passed: 0, failed: 1, failure: `no file matches ${stage.files.join(" ")}` };
  }
  const { needs = [], databases = [] } = stage;
  const missing = await ensurePackages([...needs, ...databases], progress);
  if (missing !== undefined) {
    return { passed: 0, failed: 1, failure: missing };
  }
  if (databases.length === 0) {
    return runFiles({ stage, files, log, progress, note: "", env: {} });
  }
  const counts: Counts[] = [];
  for (const name of databases) {
    await using server = await startDatabase(name);
    const env = { [testDsnVariable]: server.createDatabase("server") };
    counts.push(await runFiles({ stage, files, log, progress, note: `on ${name}, `, env }));
  }
  return {
    passed: counts.reduce((sum, { passed }) => sum + passed, 0),
    failed: counts.reduce((sum, { failed }) => sum + failed, 0),
    failure: counts
      .map(({ failure }) => failure)
      .filter((failure) => failure !== "")
      .join("\n"),
  };
}

interface FileRun {
  readonly stage: Extract<Stage, { kind: "tests" }>;
  readonly files: readonly string[];
  readonly log: WriteStream;
  readonly progress: Progress;
  /** Stands before the counts while it runs. */
  readonly note: string;
  readonly env: Readonly<Record<string, string>>;
}

async function runFiles({ stage, files, log, progress, note, env }: FileRun): Promise<Counts> {
  let passed = 0;
  let failed = 0;
  const argv = [
    "node",
    "--test",
    `--test-isolation=${stage.isolation}`,
    `--test-concurrency=${stage.concurrency}`,
    "--test-reporter=spec",
    "--disable-warning=ExperimentalWarning",
    ...files.toSorted(),
  ];
  const { code, output } = await runCommand(argv, log, {
    env,
    onOutput: (text) => {
      passed += text.match(/^\s*✔/gmu)?.length ?? 0;
      failed += text.match(/^\s*✖/gmu)?.length ?? 0;
      progress.show(`    ${note}${files.length} files: ${passed} passed, ${failed} failed`);
    },
  });
  const counts = summarise(code, output);
  return counts.failure === "" ? counts : { ...counts, failure: `${note}${counts.failure}` };
}

async function startDatabase(name: DatabaseServer): Promise<PrivateMariaDb | PrivatePostgres> {
  switch (name) {
    case "mariadb":
      return startMariaDb();
    case "postgresql":
      return startPostgres();
  }
}

/** The counts of node:test's closing lines; a run without them, or without a single test, counts as one failure. */
function summarise(code: number, output: string): Counts {
  const count = (name: string): number =>
    Number(new RegExp(`^ℹ ${name} (\\d+)$`, "mu").exec(output)?.[1] ?? Number.NaN);
  const passed = count("pass");
  const failed = count("fail") + count("cancelled");
  const left = count("skipped") + count("todo");
  if (Number.isNaN(passed + failed + left)) {
    return { passed: 0, failed: 1, failure: lastLines(output) };
  }
  const problems = failed + left + (code !== 0 && failed + left === 0 ? 1 : 0);
  if (passed + problems === 0) {
    return { passed, failed: 1, failure: "the files contain no test" };
  }
  const start = output.indexOf("✖ failing tests:");
  const detail = start === -1 ? lastLines(output) : firstLines(output.slice(start));
  const note = left > 0 ? `${left} tests are skipped or to do; none may be\n` : "";
  return { passed, failed: problems, failure: problems === 0 ? "" : note + detail };
}

function lastLines(text: string): string {
  return text.trimEnd().split("\n").slice(-failureLinesMax).join("\n");
}

function firstLines(text: string): string {
  return text.trimEnd().split("\n").slice(0, failureLinesMax).join("\n");
}
