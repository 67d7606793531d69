import type { UpstreamFault } from "#conversation/upstream-fault.ts";
import type { Problem } from "#surfaces/surface.ts";
import type { IncomingCall } from "#pipeline/incoming-call.ts";
import type { PipelinePorts } from "#pipeline/ports.ts";
import type { Settlement } from "#pipeline/settlement.ts";
import { problemOfUpstream } from "#pipeline/show-failure.ts";
import type { RoutedChannel } from "#routing/routed-channel.ts";
import type { UpstreamExchange, UpstreamReply } from "#upstream/upstream.ts";

/** One try of a call at one channel. */
export interface Attempt {
  readonly ports: PipelinePorts;
  readonly call: IncomingCall;
  readonly settlement: Settlement;
  readonly channel: RoutedChannel;
  /** Monotonic. */
  readonly sentAtMs: number;
}

/** A try whose upstream has begun to answer with success. */
export interface AnsweredAttempt extends Attempt {
  readonly exchange: UpstreamExchange;
  readonly reply: UpstreamReply;
}

export type AttemptOutcome =
  /** The call is settled and its client answered, or gone. */
  | { readonly kind: "served" }
  /** The client has seen nothing: another channel may be tried. */
  | { readonly kind: "failed"; readonly fault: UpstreamFault };

export const served: AttemptOutcome = Object.freeze({ kind: "served" });

/** Remembers that the channel did its work. */
export function noteSuccess(
  { ports, settlement, channel, sentAtMs }: Attempt,
  status: number,
): void {
  ports.health.succeeded(channel.id);
  const elapsedMs = Math.round(ports.clock.monotonicMs() - sentAtMs);
  settlement.attempts.push({ channelId: channel.id, status, reason: "", elapsedMs });
}

/** Remembers that the channel did not. */
export function noteFailure(attempt: Attempt, fault: UpstreamFault): void {
  const { ports, settlement, channel, sentAtMs } = attempt;
  ports.health.failed(channel.id, fault);
  const elapsedMs = Math.round(ports.clock.monotonicMs() - sentAtMs);
  settlement.attempts.push({
    channelId: channel.id,
    status: fault.status,
    reason: fault.reason,
    elapsedMs,
  });
}

/** Resolves when the END record is safe; the client may then see the end. `undefined` = it is. */
export function endDurable(
  ports: PipelinePorts,
  seq: number | undefined,
): Promise<void> | undefined {
  return seq === undefined ? undefined : ports.durability.ended(seq);
}

/** Settles a call that no upstream served and tells its client why. Nothing is billed. */
export async function answerFailure(
  { ports, call, settlement }: Pick<Attempt, "ports" | "call" | "settlement">,
  fault: UpstreamFault,
): Promise<void> {
  const problem: Problem = problemOfUpstream(fault, call.idText);
  const seq = settlement.end({
    basis: "failed",
    status: call.client.isGone() ? 499 : problem.status,
    errorReason: fault.reason,
    errorMessage: fault.message,
  });
  await endDurable(ports, seq);
  call.client.sendWhole({
    status: problem.status,
    contentType: "application/json",
    body: call.surface.problem.body(problem),
    retryAfterMs: fault.retryAfterMs,
  });
}
