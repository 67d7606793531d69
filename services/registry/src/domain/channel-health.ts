import type { ChannelStatus } from "./channel.ts";
import { limits } from "./limits.ts";
import type { RegistryOptions } from "./options.ts";

/** Whose matter a failed try is. */
export type FailureKind = "none" | "caller" | "credential" | "funds" | "rate-limit" | "transient";

/** What the relay saw of one channel since its last report. */
export interface ChannelOutcome {
  readonly channelId: number;
  readonly requests: number;
  readonly successes: number;
  readonly chargedNanos: bigint;
  readonly lastFailure: FailureKind;
  /** One sentence without secrets. */
  readonly lastFailureMessage: string;
  /** Milliseconds since 1970, 0 = not cooling down. */
  readonly coolingUntilMs: number;
}

/** The outcome of a channel test. */
export interface TestOutcome {
  readonly channelId: number;
  readonly success: boolean;
  readonly elapsedMs: number;
  readonly message: string;
  readonly failure: FailureKind;
}

/** What the automatic switches do to a channel. */
export type SwitchDecision =
  | { readonly kind: "keep" }
  | { readonly kind: "disable"; readonly reason: string }
  | { readonly kind: "enable" };

const keep: SwitchDecision = Object.freeze({ kind: "keep" });

/** After failed calls: a dead credential or an empty account switches the channel off, nothing else does. */
export function decideAfterCalls(
  outcome: Pick<ChannelOutcome, "lastFailure" | "lastFailureMessage">,
  options: RegistryOptions,
): SwitchDecision {
  const reason = describeDeadEnd(outcome.lastFailure, outcome.lastFailureMessage);
  return options.automaticDisable && reason !== undefined ? { kind: "disable", reason } : keep;
}

/**
 * After a test. Only a channel that was switched off automatically is ever switched on again: what an operator switched off
 * stays off, whatever a test says.
 */
export function decideAfterTest(
  outcome: TestOutcome,
  status: ChannelStatus,
  options: RegistryOptions,
): SwitchDecision {
  const { disableThresholdMs } = options;
  const isSlow = disableThresholdMs > 0 && outcome.elapsedMs > disableThresholdMs;
  switch (status) {
    case "enabled":
      return options.automaticDisable ? decideToDisable(outcome, isSlow) : keep;
    case "auto-disabled":
      return options.automaticEnable && outcome.success && !isSlow ? { kind: "enable" } : keep;
    case "disabled":
      return keep;
  }
}

function decideToDisable(outcome: TestOutcome, isSlow: boolean): SwitchDecision {
  const deadEnd = outcome.success ? undefined : describeDeadEnd(outcome.failure, outcome.message);
  if (deadEnd !== undefined) {
    return { kind: "disable", reason: deadEnd };
  }
  const reason = `The test took ${(outcome.elapsedMs / 1000).toFixed(2)} s.`;
  return isSlow ? { kind: "disable", reason } : keep;
}

function describeDeadEnd(failure: FailureKind, message: string): string | undefined {
  switch (failure) {
    case "credential":
      return shorten(`The upstream refused the credential: ${message}`);
    case "funds":
      return shorten(`The upstream account has no funds: ${message}`);
    case "none":
    case "caller":
    case "rate-limit":
    case "transient":
      return undefined;
  }
}

function shorten(reason: string): string {
  const max = limits.statusReasonCharacters;
  const clean = reason.replaceAll(/\p{Cc}+/gu, " ").trim();
  return clean.length <= max ? clean : `${clean.slice(0, max - 1)}…`;
}
