import { existsSync } from "node:fs";
import { inRoot } from "../workspace.mjs";

/** The portal, as static files in web/dist. */
export const buildWeb = {
  name: "web",
  title: "building the portal (about ten seconds)",
  isSlow: true,
  inputs: ["web", "package-lock.json"],
  // The one way to build it: scripts and styles are packed, too.
  command: ["npm", "run", "build", "-w", "web"],
  hasOutput: () => existsSync(inRoot("web", "dist")),
  advice: "the message above names the file to mend; `npm run build -w web` repeats this step.",
};
