import type { Clock } from "@tollgate/kit/clock/clock";
import type { Logger } from "@tollgate/kit/logging/logger";

/** Why no call may be admitted. */
export type AdmissionStop =
  /** Quota has not been heard of for so long that bans, keys and prices here may be out of date. */
  | "quota-silent"
  /** This clock and quota's differ too much: times in the books would be wrong. */
  | "clock-skewed";

/** Watches over whether calls may be admitted at all. It is no bound of money: leases are. */
export interface AdmissionWatch {
  /** A session is open: quota says how long it may be silent. */
  readonly opened: (admissionTtlMs: number, serverClockMs: number | undefined) => void;
  /** A beat was answered. */
  readonly heard: (serverClockMs: number | undefined) => void;
  /** Undefined = calls may be admitted. */
  readonly whyStopped: () => AdmissionStop | undefined;
}

const skewMsMax = 60_000;

/** Until the first session nothing is admitted. */
export function createAdmissionWatch(
  clock: Pick<Clock, "nowMs" | "monotonicMs">,
  logger: Pick<Logger, "error" | "info">,
): AdmissionWatch {
  let ttlMs = 0;
  let heardAtMs = Number.NEGATIVE_INFINITY;
  let isSkewed = false;
  let isSilenceTold = true;

  const heard = (serverClockMs: number | undefined): void => {
    heardAtMs = clock.monotonicMs();
    if (isSilenceTold) {
      isSilenceTold = false;
      logger.info({}, "quota is heard: calls are admitted");
    }
    const skewMs = serverClockMs === undefined ? 0 : Math.abs(clock.nowMs() - serverClockMs);
    if (skewMs > skewMsMax !== isSkewed) {
      isSkewed = !isSkewed;
      if (isSkewed) {
        logger.error(
          { skewMs },
          "this clock and quota's differ: no call is admitted until they agree",
        );
      } else {
        logger.info({ skewMs }, "this clock and quota's agree again");
      }
    }
  };
  return {
    opened: (admissionTtlMs, serverClockMs) => {
      ttlMs = admissionTtlMs;
      heard(serverClockMs);
    },
    heard,
    whyStopped: () => {
      if (clock.monotonicMs() - heardAtMs > ttlMs) {
        if (!isSilenceTold) {
          isSilenceTold = true;
          logger.error({ ttlMs }, "quota is silent: no call is admitted until it answers");
        }
        return "quota-silent";
      }
      return isSkewed ? "clock-skewed" : undefined;
    },
  };
}
