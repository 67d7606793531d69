import { spawnSync } from "node:child_process";
import type { Stage } from "./stage.ts";

/** Every stage of `npm test`, in order. A stage whose files are missing fails. */
export const stages: readonly Stage[] = [
  {
    name: "check",
    kind: "commands",
    commands: [
      { title: "generate contracts", argv: ["buf", "generate"] },
      { title: "buf lint", argv: ["buf", "lint"] },
      {
        title: "buf breaking",
        argv: ["buf", "breaking", "--against", ".git#ref=HEAD~1"],
        skip: whyNoBaseline,
      },
      { title: "format", argv: ["oxfmt", "--check"] },
      { title: "lint", argv: ["oxlint", "--type-aware"] },
      { title: "types", argv: ["tsc", "--noEmit", "--project", "tsconfig.json"] },
      { title: "architecture", argv: ["node", "deploy/checks/architecture.ts"] },
      { title: "unused code", argv: ["knip"] },
      { title: "manual", argv: ["node", "deploy/docs/configuration.ts", "--check"] },
      { title: "portal build and types", argv: ["npm", "run", "build", "-w", "web"] },
    ],
  },
  {
    name: "unit",
    kind: "tests",
    files: ["services/*/src/**/*.test.ts"],
    isolation: "process",
    concurrency: 2,
  },
  {
    name: "conformance",
    kind: "tests",
    files: ["services/*/test/**/*.test.ts", "tests/conformance/**/*.test.ts"],
    isolation: "process",
    concurrency: 2,
  },
  {
    name: "servers",
    kind: "tests",
    files: ["tests/local-servers/**/*.test.ts"],
    isolation: "process",
    concurrency: 1,
    needs: ["mariadb", "postgresql", "redis"],
  },
  {
    name: "databases",
    kind: "tests",
    files: [
      "services/quota/src/{usecases,store}/**/*.test.ts",
      "services/quota/src/rpc/{identity-routes,session-stream}.test.ts",
      "services/registry/test/{channels,health,options,stores}.test.ts",
      "services/admin/src/auth/{sessions,setup-code}.test.ts",
      "services/admin/src/api/option/*.test.ts",
    ],
    isolation: "process",
    concurrency: 2,
    databases: ["mariadb", "postgresql"],
  },
  {
    name: "e2e",
    kind: "tests",
    files: ["tests/e2e/**/*.test.ts"],
    isolation: "process",
    concurrency: 1,
    needs: ["mariadb", "postgresql", "redis", "chromium"],
  },
  {
    name: "simulation",
    kind: "tests",
    files: ["tests/simulation/**/*.test.ts"],
    isolation: "process",
    concurrency: 2,
  },
  {
    name: "chaos",
    kind: "tests",
    files: ["tests/chaos/**/*.test.ts"],
    isolation: "process",
    concurrency: 1,
    needs: ["mariadb", "redis"],
  },
  {
    name: "web",
    kind: "commands",
    commands: [{ title: "portal tests", argv: ["ng", "test", "--watch=false"], cwd: "web" }],
  },
];

function whyNoBaseline(): string | undefined {
  const found = spawnSync("git", ["ls-tree", "--name-only", "HEAD~1", "proto/tollgate"], {
    encoding: "utf8",
  });
  if (found.status !== 0) {
    return "there is no previous commit here (first commit, shallow clone, or no git)";
  }
  return found.stdout.trim() === "" ? "the previous commit has no contracts" : undefined;
}
