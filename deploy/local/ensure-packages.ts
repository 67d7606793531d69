import { spawn, spawnSync } from "node:child_process";
import { globSync } from "node:fs";

/** A program of the operating system that tests start. */
export type SystemProgram = "mariadb" | "postgresql" | "redis" | "chromium";

/** Where a long installation tells how it goes. */
export interface InstallProgress {
  /** Replaces the line of what is going on. */
  show(text: string): void;
  /** Writes a line that stays. */
  print(line: string): void;
}

interface Requirement {
  /** Any of these files (a name may hold wildcards) means that the program is there. */
  readonly files: readonly string[];
  readonly packages: readonly string[];
}

const requirements: Readonly<Record<SystemProgram, Requirement>> = {
  mariadb: { files: ["/usr/sbin/mariadbd", "/usr/bin/mariadbd"], packages: ["mariadb-server"] },
  postgresql: { files: ["/usr/lib/postgresql/*/bin/postgres"], packages: ["postgresql"] },
  redis: { files: ["/usr/bin/redis-server"], packages: ["redis-server"] },
  chromium: { files: ["/usr/bin/chromium"], packages: ["chromium", "fonts-wqy-microhei"] },
};

/** Installs what is missing through apt-get. Returns why that is impossible, or undefined when everything is there. */
export async function ensurePackages(
  programs: readonly SystemProgram[],
  progress: InstallProgress,
): Promise<string | undefined> {
  const missing = programs.filter((program) => !isInstalled(program));
  if (missing.length === 0) {
    return undefined;
  }
  const packages = missing.flatMap((program) => requirements[program].packages);
  const byHand = `Install them by hand: apt-get install ${packages.join(" ")}`;
  if (spawnSync("apt-get", ["--version"]).error !== undefined) {
    return `these tests need ${missing.join(", ")}, and this system has no apt-get. ${byHand}`;
  }
  if (process.getuid?.() !== 0) {
    return `these tests need ${missing.join(", ")}, and only root may install them. ${byHand}`;
  }
  progress.print(`    installing ${packages.join(", ")} with apt-get`);
  for (const args of [["update"], ["install", "--yes", "--no-install-recommends", ...packages]]) {
    const { code, output } = await aptGet(args, progress);
    if (code !== 0) {
      const tail = output.trimEnd().split("\n").slice(-15).join("\n");
      return `apt-get ${args.join(" ")} failed:\n${tail}\n${byHand}`;
    }
  }
  const absent = missing.filter((program) => !isInstalled(program));
  return absent.length === 0
    ? undefined
    : `still missing after the installation: ${absent.join(", ")}`;
}

function isInstalled(program: SystemProgram): boolean {
  return requirements[program].files.some((file) => globSync(file).length > 0);
}

async function aptGet(
  args: readonly string[],
  progress: InstallProgress,
): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve) => {
    const child = spawn("apt-get", [...args], {
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const collect = (chunk: Buffer): void => {
      const text = chunk.toString("utf8");
      output = (output + text).slice(-100_000);
      progress.show(`    apt-get: ${text.trim().split("\n").at(-1) ?? ""}`);
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.once("error", (error) => resolve({ code: 1, output: `${output}\n${error.message}` }));
    child.once("close", (code) => resolve({ code: code ?? 1, output }));
  });
}
