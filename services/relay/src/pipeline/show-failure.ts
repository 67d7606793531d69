/**
 * What a client is told of an upstream's failure. Faults of the caller keep the upstream's words; a dead credential or an empty
 * account is the platform's matter and must never look like the client's own.
 */
import type { UpstreamFault } from "#conversation/upstream-fault.ts";
import type { Problem } from "#surfaces/surface.ts";

const timeouts: ReadonlySet<string> = new Set([
  "CONNECT_TIMEOUT",
  "HEADERS_TIMEOUT",
  "IDLE_TIMEOUT",
  "CALL_TIMEOUT",
]);

export function problemOfUpstream(fault: UpstreamFault, requestId: string): Problem {
  switch (fault.kind) {
    case "caller":
      return {
        status: isClientStatus(fault.status) ? fault.status : 400,
        message: fault.message,
        type: fault.upstreamType ?? "upstream_error",
        code: fault.upstreamCode ?? "bad_response_status_code",
        param: fault.upstreamParam ?? null,
        requestId,
      };
    case "rate-limit":
      return platformProblem(
        429,
        "The upstream of this group is at its limit. Please try again later.",
        requestId,
      );
    case "credential":
    case "funds":
      return platformProblem(
        503,
        "The upstream cannot be used just now. Please try again later.",
        requestId,
      );
    case "transient":
    case "protocol":
      return platformProblem(statusOf(fault), fault.message, requestId);
  }
}

function platformProblem(status: number, message: string, requestId: string): Problem {
  return { status, message, type: "upstream_error", code: "bad_response", param: null, requestId };
}

function statusOf({ status, reason }: UpstreamFault): number {
  if (timeouts.has(reason)) {
    return 504;
  }
  return status === 503 || status === 529 ? 503 : 502;
}

function isClientStatus(status: number): boolean {
  return status >= 400 && status < 500 && status !== 401 && status !== 403;
}
