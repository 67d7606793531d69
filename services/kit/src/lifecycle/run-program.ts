import {
  type CommandLine,
  parseCommandLine,
  type ProgramDescription,
} from "../config/command-line.ts";
import {
  type ConfigFields,
  type ConfigsOf,
  type Environment,
  exitOnConfigError,
  readConfig,
  readConfigs,
} from "../config/config.ts";
import {
  effectiveLogLevel,
  type ProcessConfig,
  processConfigSchema,
  processReplacedVariables,
} from "../config/process-config.ts";
import { readEnvironment } from "../config/read-environment.ts";
import { type ReplacedVariable, reportReplacedVariables } from "../config/replaced-variables.ts";
import { createLogger, type Logger } from "../logging/logger.ts";
import { createMetrics, type Metrics } from "../metrics/metrics.ts";
import { serveMetrics } from "../metrics/serve-metrics.ts";
import { createRunner, type Runner } from "./runner.ts";
import { tuneEngine } from "./tune-engine.ts";

type Schemas = Readonly<Record<string, ConfigFields>>;

/** A program: what it is called, what it reads, and how it was started. */
export interface Program<Configs extends Schemas> extends ProgramDescription {
  /** Name in every line of its log. */
  readonly service: string;
  readonly schemas: Configs;
  /** Beside those of every process. */
  readonly replacedVariables: readonly ReplacedVariable[];
  /** The variable that `--port` outranks. */
  readonly portVariable: "PORT" | "RPC_PORT";
  readonly argv: readonly string[];
  readonly environment: Environment;
}

/** The configurations of a program; `process` is what every process reads. */
export type ProgramConfig<Configs extends Schemas> = ConfigsOf<
  Configs & { readonly process: typeof processConfigSchema }
>;

/** What a program has when it begins to open things. */
export interface ProgramStart<Configs extends Schemas> {
  readonly config: ProgramConfig<Configs>;
  readonly logger: Logger;
  readonly runner: Runner;
  readonly metrics: Metrics;
}

type Flags = Extract<CommandLine, { readonly kind: "run" }>;
type Open<Configs extends Schemas> = (start: ProgramStart<Configs>) => Promise<void>;

const envFile = ".env";
// EX_USAGE of sysexits.
const usageExitCode = 64;

/**
 * The life of a process: flags, `.env` and environment, log, `open`, signals, end. Exit codes: 0 stopped as asked, 1 failed,
 * 64 wrong flags, 78 wrong configuration.
 */
export async function runProgram<const Configs extends Schemas>(
  program: Program<Configs>,
  open: Open<Configs>,
): Promise<void> {
  const command = parseCommandLine(program.argv, program);
  switch (command.kind) {
    case "run":
      return run(program, command, open);
    case "help":
    case "version":
      process.stdout.write(command.text);
      return undefined;
    case "invalid":
      process.stderr.write(command.text);
      process.exitCode = usageExitCode;
      return undefined;
  }
}

async function run<const Configs extends Schemas>(
  program: Program<Configs>,
  flags: Flags,
  open: Open<Configs>,
): Promise<void> {
  tuneEngine();
  const environment = exitOnConfigError(() => readProgramEnvironment(program, flags));
  const config = exitOnConfigError(() =>
    readConfigs({ ...program.schemas, process: processConfigSchema }, environment),
  );
  const own = readConfig(processConfigSchema, environment);
  const logger = createLogger({
    service: program.service,
    level: effectiveLogLevel(own),
    pretty: process.stdout.isTTY,
    ...(flags.logDir === undefined ? {} : { logDir: flags.logDir }),
  });
  reportReplacedVariables(
    [...processReplacedVariables, ...program.replacedVariables],
    environment,
    logger,
  );
  const runner = createRunner({ logger, drainMs: own.drainMs });
  const metrics = createMetrics();
  await runner.start(async () => {
    await open({ config, logger, runner, metrics });
    await openMetrics({ own, logger, runner, metrics });
  });
  await runner.run();
}

async function openMetrics(parts: {
  readonly own: ProcessConfig;
  readonly logger: Logger;
  readonly runner: Runner;
  readonly metrics: Metrics;
}): Promise<void> {
  const { own, logger, runner, metrics } = parts;
  if (own.metricsPort > 0) {
    const address = { host: own.metricsHost, port: own.metricsPort };
    const server = await serveMetrics(metrics, address);
    runner.onStop("metrics", async () => server.close());
    logger.info(address, "metrics are served");
  }
}

function readProgramEnvironment(
  { environment, portVariable }: Pick<Program<Schemas>, "environment" | "portVariable">,
  { port }: Flags,
): Environment {
  const flags = port === undefined ? {} : { [portVariable]: String(port) };
  return { ...readEnvironment({ environment, envFile }), ...flags };
}
