import { Fault } from "@tollgate/kit/fault/fault";
import type { Logger } from "@tollgate/kit/logging/logger";
import type { AdminContext } from "#admin-context.ts";

const retryMs = 1000;

/** What is asked, and when to give up. */
export interface SetupUrlOptions extends Pick<AdminContext, "setupCode" | "setupState" | "clock"> {
  readonly logger: Logger;
  readonly publicUrl: () => string;
  readonly signal: AbortSignal;
}

/** The address of the setup page with the one-time code, or `undefined` when the root user exists. */
export async function waitForSetupUrl(options: SetupUrlOptions): Promise<string | undefined> {
  const { setupCode, setupState, clock, logger, publicUrl, signal } = options;
  while (!signal.aborted) {
    try {
      return (await setupState.isRequired())
        ? `${publicUrl()}/setup#code=${await setupCode.read()}`
        : undefined;
    } catch (error) {
      // Quota may start later than we do; anything else is for the caller.
      if (!(error instanceof Fault)) {
        throw error;
      }
      logger.debug({ err: error }, "quota does not answer yet");
      await new Promise<void>((resolve) => {
        const timer = clock.setTimeout(resolve, retryMs);
        signal.addEventListener(
          "abort",
          () => {
            timer.cancel();
            resolve();
          },
          { once: true },
        );
      });
    }
  }
  return undefined;
}
