import { existsSync, readFileSync, readdirSync } from "node:fs";
import { inRoot } from "../workspace.mjs";

const manifests = ["proto", "web", "tests", ...servicesFolders()].map(
  (folder) => `${folder}/package.json`,
);

/** The packages of the lock file. Their scripts are not run: none is needed. */
export const installPackages = {
  name: "packages",
  title: "installing packages (about half a minute the first time)",
  inputs: ["package.json", "package-lock.json", ...manifests],
  command: ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
  hasOutput: () => existsSync(inRoot("node_modules", ".package-lock.json")),
  isAlreadyDone: matchesLock,
  advice: "check that the package registry can be reached, then run the command again.",
};

function servicesFolders() {
  return readdirSync(inRoot("services")).map((name) => `services/${name}`);
}

/** True when what npm says it installed is what the lock file asks for, whoever installed it. */
function matchesLock() {
  const installed = readPackages(inRoot("node_modules", ".package-lock.json"));
  const wanted = readPackages(inRoot("package-lock.json"));
  return Object.entries(wanted).every(
    ([path, entry]) =>
      !path.includes("node_modules/") ||
      entry.optional === true ||
      entry.peer === true ||
      installed[path]?.version === entry.version,
  );
}

function readPackages(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).packages : {};
}
