import { buildWeb } from "./steps/build-web.mjs";
import { generateContracts } from "./steps/generate-contracts.mjs";
import { installPackages } from "./steps/install-packages.mjs";

const basic = [installPackages, generateContracts];
const withWeb = [...basic, buildWeb];

/** What can be started: the steps that must be done before, and the program. */
export const commands = {
  standalone: { entry: "services/standalone/src/main.ts", steps: withWeb },
  split: { entry: "deploy/local/split.ts", steps: withWeb },
  relay: { entry: "services/relay/src/main.ts", steps: basic },
  quota: { entry: "services/quota/src/main.ts", steps: basic },
  registry: { entry: "services/registry/src/main.ts", steps: basic },
  scheduler: { entry: "services/scheduler/src/main.ts", steps: basic },
  admin: { entry: "services/admin/src/main.ts", steps: withWeb },
  // The check stage builds the portal itself; a run of chosen stages may leave it out.
  test: {
    entry: "tests/run.ts",
    steps: (args) => (args.some((word) => word.includes("e2e")) ? withWeb : basic),
  },
  check: { entry: "tests/run.ts", args: ["--only", "check"], steps: basic },
  bench: { entry: "tests/bench/run.ts", steps: basic },
  chaos: { entry: "tests/chaos/run.ts", steps: basic },
  simulate: { entry: "tests/simulation/run.ts", steps: basic },
  docs: { entry: "deploy/docs/configuration.ts", steps: basic },
  migration: { entry: "deploy/bootstrap/migration.ts", steps: basic },
};

/** The text for a command that does not exist. */
export function describeCommands() {
  return `Usage: node deploy/bootstrap/run.mjs <${Object.keys(commands).join("|")}> [arguments]\n`;
}
