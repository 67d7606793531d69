import { Code, ConnectError } from "@connectrpc/connect";
import { findTrailerError } from "@connectrpc/connect/protocol-grpc";
import type { Metadata } from "@grpc/grpc-js";
import { headersFromMetadata } from "./metadata.ts";

interface FailedStatus {
  readonly code: number;
  readonly details: string;
  readonly metadata?: Metadata;
}

/** The status that ended a call as a ConnectError, with the details of `grpc-status-details-bin`. */
export function connectErrorFromStatus(status: FailedStatus): ConnectError {
  const trailers = headersFromMetadata(status.metadata);
  const detailed = findTrailerError(trailers);
  if (detailed !== undefined) {
    return detailed;
  }
  const code = status.code in Code ? status.code : Code.Unknown;
  return new ConnectError(status.details, code, trailers);
}

/** The same for anything that a call of grpc-js may throw. */
export function connectErrorFromFailure(failure: Error): ConnectError {
  return isFailedStatus(failure)
    ? connectErrorFromStatus(failure)
    : ConnectError.from(failure, Code.Internal);
}

function isFailedStatus(failure: Error): failure is Error & FailedStatus {
  return (
    "code" in failure &&
    typeof failure.code === "number" &&
    "details" in failure &&
    typeof failure.details === "string"
  );
}
