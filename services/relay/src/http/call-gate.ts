import { limits } from "#limits.ts";
import type { CallGate } from "#http/request-handler.ts";
import type { AdmissionStop } from "#ledgering/admission-watch.ts";
import { relayFaults } from "#pipeline/relay-faults.ts";

export interface CallGatePorts {
  readonly isReady: () => boolean;
  /** False when the journal's disk is nearly full. */
  readonly hasRoom: () => boolean;
  /** Why what is known of keys, bans and prices must not be relied on; undefined = it may. */
  readonly whyStopped: () => AdmissionStop | undefined;
}

/** A gate that can be shut: nobody enters any more, and who is inside may finish. */
export interface ClosableGate extends CallGate {
  /** Nobody enters any more. */
  readonly markStopping: () => void;
  /** {@link markStopping}; resolves when nobody is inside, or at the deadline. */
  readonly shut: (deadline: AbortSignal) => Promise<void>;
  readonly callCount: () => number;
}

const retryAfterMs = 1000;

const stopSentences = {
  "quota-silent": "Keys and prices cannot be verified just now. Please try again.",
  "clock-skewed": "The clock of this server is wrong. Please try again.",
} as const satisfies Readonly<Record<AdmissionStop, string>>;

export function createCallGate(ports: CallGatePorts): ClosableGate {
  let inside = 0;
  let isStopping = false;
  let onEmpty = (): void => undefined;
  return {
    enter: () => {
      if (isStopping || !ports.isReady() || !ports.hasRoom()) {
        throw relayFaults.fault("NOT_READY", { retryAfterMs });
      }
      const stop = ports.whyStopped();
      if (stop !== undefined) {
        throw relayFaults.fault("NOT_READY", { sentence: stopSentences[stop], retryAfterMs });
      }
      if (inside >= limits.callsMax) {
        throw relayFaults.fault("OVERLOADED", { retryAfterMs });
      }
      inside += 1;
    },
    leave: () => {
      inside -= 1;
      if (inside === 0) {
        onEmpty();
      }
    },
    isStopping: () => isStopping,
    isReady: () => !isStopping && ports.isReady(),
    callCount: () => inside,
    markStopping: () => {
      isStopping = true;
    },
    shut: async (deadline) => {
      isStopping = true;
      if (inside === 0 || deadline.aborted) {
        return;
      }
      await new Promise<void>((resolve) => {
        onEmpty = resolve;
        deadline.addEventListener("abort", () => resolve(), { once: true });
      });
    },
  };
}
