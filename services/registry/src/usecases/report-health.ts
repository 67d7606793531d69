import type { Clock } from "@tollgate/kit/clock/clock";
import type { Logger } from "@tollgate/kit/logging/logger";
import type { ChannelOutcome, SwitchDecision, TestOutcome } from "#domain/channel-health.ts";
import { decideAfterCalls, decideAfterTest } from "#domain/channel-health.ts";
import { registryFaults } from "#domain/faults.ts";
import type { HealthBook } from "./health-book.ts";
import type { ChannelStore } from "./ports.ts";
import type { RoutingTable } from "./routing-table.ts";

/** What taking in health needs. */
export interface ReportHealthPorts {
  readonly channels: Pick<ChannelStore, "find" | "switchStatus" | "recordTest" | "recordBalance">;
  readonly health: HealthBook;
  readonly routing: Pick<RoutingTable, "read" | "refresh">;
  readonly clock: Pick<Clock, "nowMs">;
  readonly logger: Pick<Logger, "warn" | "info">;
}

/** What the automatic switches did. */
export interface SwitchOutcome {
  readonly disabled: boolean;
  readonly enabled: boolean;
}

/** A relay's report. */
export interface HealthReport {
  readonly requestId: string;
  readonly outcomes: readonly ChannelOutcome[];
}

const int32Max = 2_147_483_647;

/** Adds up a relay's report; one that was here already changes nothing. Outcomes of channels that are gone are dropped. */
export const reportHealth =
  (ports: ReportHealthPorts) =>
  async ({ requestId, outcomes }: HealthReport): Promise<void> => {
    const { health, routing } = ports;
    if (!health.remember(requestId)) {
      return;
    }
    if (outcomes.some(({ channelId }) => !routing.read().channels.has(channelId))) {
      // Another replica may have made the channel a moment ago.
      await routing.refresh();
    }
    const { channels, options } = routing.read();
    const known = outcomes.filter(({ channelId }) => channels.has(channelId));
    for (const outcome of known) {
      health.add(outcome);
    }
    for (const outcome of known) {
      if (channels.get(outcome.channelId)?.status !== "enabled") {
        continue;
      }
      await applySwitch(ports, outcome.channelId, decideAfterCalls(outcome, options));
    }
  };

/** Stores a test's outcome and applies the switches. Throws CHANNEL_NOT_FOUND. */
export const recordTest =
  (ports: ReportHealthPorts) =>
  async (outcome: TestOutcome): Promise<SwitchOutcome> => {
    const { channels, routing, clock } = ports;
    const channel = await channels.find(outcome.channelId);
    const responseTimeMs = outcome.success ? Math.min(outcome.elapsedMs, int32Max) : 0;
    const isStored = await channels.recordTest(
      outcome.channelId,
      responseTimeMs,
      nowSeconds(clock),
    );
    if (channel === undefined || !isStored) {
      throw registryFaults.fault("CHANNEL_NOT_FOUND");
    }
    const decision = decideAfterTest(outcome, channel.status, routing.read().options);
    return applySwitch(ports, channel.id, decision);
  };

/** Stores an upstream balance. Throws CHANNEL_NOT_FOUND. */
export const recordBalance =
  ({ channels, clock }: Pick<ReportHealthPorts, "channels" | "clock">) =>
  async (channelId: number, balanceNanos: bigint): Promise<void> => {
    if (!(await channels.recordBalance(channelId, balanceNanos, nowSeconds(clock)))) {
      throw registryFaults.fault("CHANNEL_NOT_FOUND");
    }
  };

async function applySwitch(
  { channels, routing, logger }: ReportHealthPorts,
  id: number,
  decision: SwitchDecision,
): Promise<SwitchOutcome> {
  switch (decision.kind) {
    case "keep":
      return { disabled: false, enabled: false };
    case "disable": {
      const { reason } = decision;
      const disabled = await channels.switchStatus({
        id,
        from: "enabled",
        to: "auto-disabled",
        reason,
      });
      if (disabled) {
        logger.warn({ channelId: id, reason }, "channel switched off");
        await routing.refresh();
      }
      return { disabled, enabled: false };
    }
    case "enable": {
      const change = { id, from: "auto-disabled", to: "enabled", reason: "" } as const;
      const enabled = await channels.switchStatus(change);
      if (enabled) {
        logger.info({ channelId: id }, "channel switched on");
        await routing.refresh();
      }
      return { disabled: false, enabled };
    }
  }
}

function nowSeconds(clock: Pick<Clock, "nowMs">): number {
  return Math.floor(clock.nowMs() / 1000);
}
