import { adminConfigSchema, adminReplacedVariables } from "../../services/admin/src/config.ts";
import type { ConfigFields } from "../../services/kit/src/config/config.ts";
import { describeFields } from "../../services/kit/src/config/describe-fields.ts";
import {
  processConfigSchema,
  processReplacedVariables,
} from "../../services/kit/src/config/process-config.ts";
import { quotaConfigSchema, quotaReplacedVariables } from "../../services/quota/src/config.ts";
import {
  registryConfigSchema,
  registryReplacedVariables,
} from "../../services/registry/src/config.ts";
import { relayConfigSchema, relayReplacedVariables } from "../../services/relay/src/config.ts";
import { schedulerConfigSchema } from "../../services/scheduler/src/config.ts";
import { standaloneConfigSchema } from "../../services/standalone/src/config.ts";
import { markdownTable } from "./markdown-table.ts";

interface Section {
  readonly title: string;
  readonly text: string;
  readonly schema: ConfigFields;
}

const sections: readonly Section[] = [
  {
    title: "Every process",
    text: "Read by each of the six programs.",
    schema: processConfigSchema,
  },
  {
    title: "Standalone",
    text: [
      "`npm start`: one process that reads this table and all that follow. Of those it ignores what concerns the network",
      "between services (`RPC_HOST`, `RPC_PORT`, `*_ADDRESS`); `PORT` and `HOST` are the ones of this table.",
    ].join("\n"),
    schema: standaloneConfigSchema,
  },
  { title: "relay", text: "`npm run start:relay`", schema: relayConfigSchema },
  { title: "quota", text: "`npm run start:quota`", schema: quotaConfigSchema },
  { title: "registry", text: "`npm run start:registry`", schema: registryConfigSchema },
  { title: "scheduler", text: "`npm run start:scheduler`", schema: schedulerConfigSchema },
  { title: "admin", text: "`npm run start:admin`", schema: adminConfigSchema },
];

const introduction = `<!-- Written by "npm run docs" from the schemas in services/*/src/config.ts: change those, not this page. -->

# Configuration

Settings are environment variables, read once at the start. An empty variable counts as unset. What is wrong is told all at
once, by name and never by value, and the process exits with 78. Variables that no table names are ignored.

A file \`.env\` in the working directory (with \`npm run\`: the root of the repository) is read too. It holds lines of
\`NAME=value\`; a variable of the real environment wins, also an empty one.

Flags: \`--port\` comes before \`PORT\` (\`RPC_PORT\` in quota, registry and scheduler), \`--log-dir FOLDER\` also writes the log to one
file a day, \`--version\` and \`--help\` answer and end. Settings of the operation (prices, registration, automatic switches) are
options in the portal, not variables.
`;

const replacedText = `## One API's variables that are replaced

They are accepted. Each that is set gives one line of the log at the start: \`info\` when nothing is lost, \`warn\` when what it
asked for does not happen.
`;

/** The text of docs/configuration.md. `root` is cut off the front of default paths. */
export function renderConfigurationPage(root: string): string {
  const pages = sections.map(
    ({ title, text, schema }) => `## ${title}\n\n${text}\n\n${tableOf(schema, root)}\n`,
  );
  return [introduction, ...pages, `${replacedText}\n${replacedTable()}\n`].join("\n");
}

function tableOf(schema: ConfigFields, root: string): string {
  const rows = describeFields(schema).map(({ name, unit, defaultText, doc }) => [
    `\`${name}\``,
    unit,
    defaultText === "" ? "" : `\`${defaultText.replace(`${root}/`, "")}\``,
    doc,
  ]);
  return markdownTable(["Variable", "Value", "Default", "Meaning"], rows);
}

function replacedTable(): string {
  const variables = new Set([
    ...processReplacedVariables,
    ...quotaReplacedVariables,
    ...registryReplacedVariables,
    ...relayReplacedVariables,
    ...adminReplacedVariables,
  ]);
  const rows = [...variables].map(({ names, kind, instead }) => [
    names.map((name) => `\`${name}\``).join(", "),
    kind === "needless" ? "info" : "warn",
    instead,
  ]);
  return markdownTable(["Variable", "Log", "Instead"], rows);
}
