import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderConfigurationPage } from "./configuration-page.ts";

/** `npm run docs` writes docs/configuration.md; with --check it only says whether that file is current. */
const root = join(import.meta.dirname, "../..");
const path = join(root, "docs/configuration.md");
const page = renderConfigurationPage(root);
if (!process.argv.includes("--check")) {
  writeFileSync(path, page);
} else if (readFileSync(path, "utf8") !== page) {
  process.stderr.write("docs/configuration.md is not current: run npm run docs\n");
  process.exitCode = 1;
}
