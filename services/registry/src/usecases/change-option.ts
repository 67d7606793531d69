import type { Logger } from "@tollgate/kit/logging/logger";
import { registryFaults } from "#domain/faults.ts";
import { checkOption, isOptionKey, listOptions } from "#domain/options.ts";
import type { OptionStore } from "./ports.ts";
import type { PublishChanges } from "./publish-changes.ts";

/** What options need. */
export interface ChangeOptionPorts {
  readonly options: OptionStore;
  readonly publish: PublishChanges;
  readonly logger: Pick<Logger, "info">;
}

/** An operator's wish. */
export interface OptionChange {
  readonly key: string;
  readonly value: string;
  /** The operator's user id. */
  readonly actorId: bigint;
}

/** Every option with its present value, sorted by key. */
export const readAllOptions =
  ({ options }: Pick<ChangeOptionPorts, "options">) =>
  async (): Promise<ReturnType<typeof listOptions>> =>
    listOptions(await options.read());

/** Checks and stores one option; relays have it then. Throws OPTION_NOT_FOUND or OPTION_INVALID. */
export const changeOption =
  ({ options, publish, logger }: ChangeOptionPorts) =>
  async ({ key, value, actorId }: OptionChange): Promise<void> => {
    if (!isOptionKey(key)) {
      throw registryFaults.fault("OPTION_NOT_FOUND");
    }
    const complaint = checkOption(key, value);
    if (complaint !== undefined) {
      throw registryFaults.fault("OPTION_INVALID", { sentence: complaint });
    }
    await options.write(key, value);
    logger.info({ option: key, value, actorId: actorId.toString() }, "option changed");
    await publish();
  };
