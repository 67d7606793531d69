// A step is current when the names, sizes and times of its inputs are those of its last success.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inRoot } from "./workspace.mjs";

const folder = inRoot("node_modules", ".cache", "tollgate");
const skipped = new Set(["node_modules", "dist", ".angular", "gen"]);

/** A digest of files and folders given by their paths in the repository; a missing one counts as such. */
export function digestInputs(paths) {
  const hash = createHash("sha256");
  for (const path of paths) {
    addPath(hash, inRoot(path));
  }
  return hash.digest("hex");
}

/** The digest that the step's last success left behind, or an empty text. */
export function readStamp(name) {
  try {
    return readFileSync(join(folder, name), "utf8");
  } catch {
    // No stamp: the step has never succeeded here.
    return "";
  }
}

/** Remembers a success. */
export function writeStamp(name, digest) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), digest);
}

function addPath(hash, path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) {
    hash.update(`${path} missing\n`);
  } else if (stat.isDirectory()) {
    for (const entry of readdirSync(path).sort()) {
      if (!skipped.has(entry)) {
        addPath(hash, join(path, entry));
      }
    }
  } else {
    hash.update(`${path} ${stat.size} ${stat.mtimeMs}\n`);
  }
}
