import type { Client } from "@connectrpc/connect";
import type { Clock } from "@tollgate/kit/clock/clock";
import { formatUuid, uuidV7Bytes } from "@tollgate/kit/ids/uuid-v7";
import type { Logger } from "@tollgate/kit/logging/logger";
import type { HealthService } from "@tollgate/proto/registry/v1/health_service";
import { FailureKind } from "@tollgate/proto/registry/v1/health_service";
import type { FaultKind } from "#conversation/upstream-fault.ts";
import { limits } from "#limits.ts";
import type { ChannelHealth, ChannelOutcome } from "#routing/channel-health.ts";

export interface HealthReporterOptions {
  readonly client: Client<typeof HealthService>;
  readonly health: ChannelHealth;
  readonly clock: Clock;
  readonly logger: Logger;
}

const reportMs = 1000;
const batchMax = 1000;

/** Registry's word for a kind of fault. */
export const failureToWire = {
  caller: FailureKind.CALLER,
  credential: FailureKind.CREDENTIAL,
  funds: FailureKind.FUNDS,
  "rate-limit": FailureKind.RATE_LIMIT,
  transient: FailureKind.TRANSIENT,
  protocol: FailureKind.TRANSIENT,
} as const satisfies Record<FaultKind, FailureKind>;

/** Tells the registry every second what was seen of channels. A report that fails is sent again under the same id. */
export function startHealthReporter(options: HealthReporterOptions): {
  readonly close: () => Promise<void>;
} {
  const { client, health, clock, logger } = options;
  let unsent: { readonly requestId: string; readonly outcomes: readonly ChannelOutcome[] }[] = [];
  let running: Promise<void> = Promise.resolve();

  const collect = (): void => {
    const outcomes = health.takeOutcomes();
    for (let start = 0; start < outcomes.length; start += batchMax) {
      unsent.push({
        requestId: formatUuid(uuidV7Bytes()),
        outcomes: outcomes.slice(start, start + batchMax),
      });
    }
    // What the registry did not hear for minutes is of no use to it.
    unsent = unsent.slice(-300);
  };
  const send = async (): Promise<void> => {
    collect();
    while (unsent[0] !== undefined) {
      const { requestId, outcomes } = unsent[0];
      await client.reportHealth(
        { requestId, outcomes: outcomes.map(outcomeToWire) },
        { timeoutMs: limits.questionMs },
      );
      unsent.shift();
    }
  };
  let isRunning = false;
  const run = (): void => {
    if (isRunning) {
      return;
    }
    isRunning = true;
    running = send()
      .catch((error: unknown) => {
        logger.warn({ err: error, reports: unsent.length }, "reporting channel health failed");
      })
      .finally(() => {
        isRunning = false;
      });
  };
  const timer = clock.setInterval(run, reportMs);
  return {
    close: async () => {
      timer.cancel();
      await running;
      run();
      await running;
    },
  };
}

function outcomeToWire(outcome: ChannelOutcome) {
  return {
    channelId: BigInt(outcome.channelId),
    requests: outcome.requests,
    successes: outcome.successes,
    chargedNanos: outcome.chargedNanos,
    lastFailure:
      outcome.lastFailure === undefined
        ? FailureKind.UNSPECIFIED
        : failureToWire[outcome.lastFailure],
    lastFailureMessage: outcome.lastFailureMessage,
    coolingUntilMs: BigInt(outcome.coolingUntilMs),
  };
}
