import type { Logger } from "../logging/logger.ts";
import type { Environment } from "./config.ts";

/** Variables of the predecessor that are accepted and no longer do anything. */
export interface ReplacedVariable {
  /** Several names when they are one matter; one line of the log tells them together. */
  readonly names: readonly string[];
  /**
   * "needless": what they asked for happens anyway or is done in another way.
   * "unsupported": it does not happen; whoever sets them must know.
   */
  readonly kind: "needless" | "unsupported";
  /** What happens instead, for operators: a clause without a full stop. */
  readonly instead: string;
}

/** Says in the log what replaces those of the variables that are set: one line each, a shared row once. */
export function reportReplacedVariables(
  variables: readonly ReplacedVariable[],
  environment: Environment,
  logger: Pick<Logger, "info" | "warn">,
): void {
  for (const { names, kind, instead } of new Set(variables)) {
    const present = names.filter((name) => (environment[name] ?? "") !== "");
    if (present.length === 0) {
      continue;
    }
    const fields = { variables: present, instead };
    switch (kind) {
      case "needless":
        logger.info(fields, "variable has no effect any more");
        break;
      case "unsupported":
        logger.warn(fields, "variable is not supported");
        break;
    }
  }
}
