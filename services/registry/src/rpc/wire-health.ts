import type {
  ChannelOutcome as WireOutcome,
  RecordTestRequest,
  ReportHealthRequest,
} from "@tollgate/proto/registry/v1/health_service";
import { FailureKind as WireFailure } from "@tollgate/proto/registry/v1/health_service";
import type { ChannelOutcome, FailureKind, TestOutcome } from "#domain/channel-health.ts";
import { registryFaults } from "#domain/faults.ts";
import { limits } from "#domain/limits.ts";
import type { HealthReport } from "#usecases/report-health.ts";
import { idFromWire } from "./wire-list.ts";

/** A relay's report. Throws REQUEST_INVALID. */
export function reportFromWire(request: ReportHealthRequest): HealthReport {
  const { requestId, outcomes } = request;
  if (requestId === "" || requestId.length > limits.requestIdCharacters) {
    throw invalid(`The request id must have 1 to ${limits.requestIdCharacters} characters.`);
  }
  if (outcomes.length > limits.outcomesPerReport) {
    throw invalid(`A report holds at most ${limits.outcomesPerReport} outcomes.`);
  }
  return { requestId, outcomes: outcomes.map(outcomeFromWire) };
}

/** A test's outcome. Throws CHANNEL_NOT_FOUND for an impossible id. */
export function testFromWire(request: RecordTestRequest): TestOutcome {
  return {
    channelId: idFromWire(request.channelId),
    success: request.success,
    elapsedMs: request.elapsedMs,
    message: request.message,
    failure: failureFromWire(request.failure),
  };
}

function outcomeFromWire(wire: WireOutcome): ChannelOutcome {
  if (wire.successes > wire.requests) {
    throw invalid("A channel cannot have more successes than requests.");
  }
  return {
    channelId: Number(wire.channelId),
    requests: wire.requests,
    successes: wire.successes,
    chargedNanos: wire.chargedNanos,
    lastFailure: failureFromWire(wire.lastFailure),
    lastFailureMessage: wire.lastFailureMessage,
    coolingUntilMs: Number(wire.coolingUntilMs),
  };
}

function failureFromWire(kind: WireFailure): FailureKind {
  switch (kind) {
    case WireFailure.UNSPECIFIED:
      return "none";
    case WireFailure.CALLER:
      return "caller";
    case WireFailure.CREDENTIAL:
      return "credential";
    case WireFailure.FUNDS:
      return "funds";
    case WireFailure.RATE_LIMIT:
      return "rate-limit";
    case WireFailure.TRANSIENT:
      return "transient";
    default:
      // A kind that a newer relay knows: it switches nothing off.
      return "transient";
  }
}

function invalid(sentence: string): Error {
  return registryFaults.fault("REQUEST_INVALID", { sentence });
}
