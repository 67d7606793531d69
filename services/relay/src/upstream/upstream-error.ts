import type { FaultKind, UpstreamFault } from "#conversation/upstream-fault.ts";

interface ErrorRow {
  readonly reason: string;
  readonly message: string;
  readonly kind?: FaultKind;
}

const byCode: Readonly<Record<string, ErrorRow>> = {
  ECONNREFUSED: { reason: "CONNECT_REFUSED", message: "The upstream refused the connection." },
  EHOSTUNREACH: { reason: "CONNECT_FAILED", message: "The upstream cannot be reached." },
  ENETUNREACH: { reason: "CONNECT_FAILED", message: "The upstream cannot be reached." },
  ENOTFOUND: { reason: "DNS_NOT_FOUND", message: "The upstream's host name is not known." },
  EAI_AGAIN: { reason: "DNS_FAILED", message: "The upstream's host name could not be looked up." },
  ETIMEDOUT: {
    reason: "CONNECT_TIMEOUT",
    message: "The upstream did not take the connection in time.",
  },
  UND_ERR_CONNECT_TIMEOUT: {
    reason: "CONNECT_TIMEOUT",
    message: "The upstream did not take the connection in time.",
  },
  UND_ERR_HEADERS_TIMEOUT: {
    reason: "HEADERS_TIMEOUT",
    message: "The upstream did not begin to answer in time.",
  },
  UND_ERR_BODY_TIMEOUT: {
    reason: "IDLE_TIMEOUT",
    message: "The upstream stopped in the middle of its answer.",
  },
  UND_ERR_HEADERS_OVERFLOW: {
    reason: "HEADERS_TOO_LARGE",
    message: "The upstream's answer has headers beyond the limit.",
    kind: "protocol",
  },
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: {
    reason: "REPLY_CUT",
    message: "The upstream's answer has another length than it said.",
  },
  ECONNRESET: { reason: "CONNECTION_LOST", message: "The upstream closed the connection." },
  EPIPE: { reason: "CONNECTION_LOST", message: "The upstream closed the connection." },
  UND_ERR_SOCKET: { reason: "CONNECTION_LOST", message: "The upstream closed the connection." },
  UND_ERR_INVALID_ARG: {
    reason: "BAD_CHANNEL_SETTINGS",
    message: "The channel's base URL or credential cannot be used in a request.",
    kind: "credential",
  },
};

const tlsCodes =
  /^(?:ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH|EPROTO$)/u;

/** What went wrong between us and an upstream, in words that hold no address and no credential. */
export function faultFromUpstreamError(error: unknown): UpstreamFault {
  const code = codeOf(error);
  const row = byCode[code];
  if (row !== undefined) {
    return faultOf(row);
  }
  if (tlsCodes.test(code)) {
    return faultOf({
      reason: "TLS_INVALID",
      message: "The upstream's certificate or TLS is not valid.",
    });
  }
  if (code.startsWith("HPE_")) {
    return faultOf({
      reason: "NOT_HTTP",
      message: "The upstream's answer is not valid HTTP.",
      kind: "protocol",
    });
  }
  return faultOf({
    reason: "CONNECTION_FAILED",
    message: "The connection to the upstream failed.",
  });
}

function faultOf({ reason, message, kind = "transient" }: ErrorRow): UpstreamFault {
  return { kind, status: 0, reason, message };
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return "";
  }
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  // Several addresses that all failed come as one error without a code of its own.
  if (code === "" && error instanceof AggregateError) {
    return codeOf(error.errors[0]);
  }
  return code === "" && error.cause !== undefined ? codeOf(error.cause) : code;
}
