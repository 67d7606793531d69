import type { Interceptor } from "@connectrpc/connect";
import { Code, ConnectError } from "@connectrpc/connect";
import { DurationSchema, durationFromMs, durationMs } from "@bufbuild/protobuf/wkt";
import { create } from "@bufbuild/protobuf";
import { ErrorInfoSchema, RetryInfoSchema } from "@tollgate/proto/google/rpc/error_details";
import type { Logger } from "../logging/logger.ts";
import type { FaultOwner } from "./fault.ts";
import { Fault, platformDomain, platformFaults } from "./fault.ts";

// Beside the facts of the fault, under a name that no service uses.
const ownerKey = "tollgate.owner";

const owners = ["caller", "platform", "upstream"] as const satisfies readonly FaultOwner[];

/**
 * Server side: a {@link Fault} leaves as its status with `google.rpc.ErrorInfo` (and `RetryInfo`); what the RPC runtime
 * itself reports leaves unchanged; anything else is a bug: logged here, and `INTERNAL` without a word for the client.
 */
export function faultInterceptor(logger: Pick<Logger, "error">): Interceptor {
  return translateErrors((error, { method, signal }) => {
    if (error instanceof Fault) {
      return connectErrorFromFault(error);
    }
    if (error instanceof ConnectError && isRuntimeError(error)) {
      return error;
    }
    if (signal.aborted && error === signal.reason) {
      // The reader left: nobody's mistake.
      return connectErrorFromFault(platformFaults.fault("CANCELED", { cause: error }));
    }
    logger.error({ err: error, method }, "rpc handler failed");
    return connectErrorFromFault(platformFaults.fault("INTERNAL"));
  });
}

/** The fault that an error of a call carries; an error that carries none becomes a fault of the platform. */
export function faultFromError(error: unknown): Fault {
  if (error instanceof Fault) {
    return error;
  }
  if (error instanceof ConnectError && error.cause instanceof Fault) {
    return error.cause;
  }
  const wire = ConnectError.from(error, Code.Internal);
  const info = wire.findDetails(ErrorInfoSchema)[0];
  if (info === undefined) {
    return faultFromStatus(wire);
  }
  const { [ownerKey]: owner, ...metadata } = info.metadata;
  const delay = wire.findDetails(RetryInfoSchema)[0]?.retryDelay;
  return new Fault({
    reason: info.reason,
    domain: info.domain,
    owner: owners.find((known) => known === owner) ?? "platform",
    publicMessage: wire.rawMessage,
    code: wire.code,
    metadata,
    ...(delay === undefined ? {} : { retryAfterMs: durationMs(delay) }),
    cause: error,
  });
}

function connectErrorFromFault(fault: Fault): ConnectError {
  const info = {
    desc: ErrorInfoSchema,
    value: {
      reason: fault.reason,
      domain: fault.domain,
      metadata: { ...fault.metadata, [ownerKey]: fault.owner },
    },
  };
  if (fault.retryAfterMs === undefined) {
    return new ConnectError(fault.publicMessage, fault.code, undefined, [info], fault);
  }
  const retryDelay = create(DurationSchema, durationFromMs(fault.retryAfterMs));
  const retry = { desc: RetryInfoSchema, value: { retryDelay } };
  return new ConnectError(fault.publicMessage, fault.code, undefined, [info, retry], fault);
}

function faultFromStatus(error: ConnectError): Fault {
  switch (error.code) {
    case Code.Unavailable:
      return platformFaults.fault("UNAVAILABLE", { cause: error });
    case Code.DeadlineExceeded:
      return platformFaults.fault("DEADLINE_EXCEEDED", { cause: error });
    case Code.Canceled:
      return platformFaults.fault("CANCELED", { cause: error });
    default:
      return new Fault({
        reason: (Code[error.code] ?? "Unknown")
          .replaceAll(/(?<=[a-z])(?=[A-Z])/gu, "_")
          .toUpperCase(),
        domain: platformDomain,
        owner: "platform",
        publicMessage: "Something went wrong on our side.",
        code: error.code,
        cause: error,
      });
  }
}

/** The runtime's own reports: no such method, an unreadable message, too large, too late, cancelled, closing. */
function isRuntimeError(error: ConnectError): boolean {
  return (
    error.cause === undefined ||
    error.code === Code.DeadlineExceeded ||
    error.code === Code.Canceled
  );
}

interface CallFacts {
  readonly method: string;
  readonly signal: AbortSignal;
}

function translateErrors(translate: (error: unknown, call: CallFacts) => Error): Interceptor {
  return (next) => async (request) => {
    const method = `${request.service.typeName}/${request.method.name}`;
    const call: CallFacts = { method, signal: request.signal };
    try {
      const response = await next(request);
      return response.stream
        ? {
            ...response,
            message: translateIterable(response.message, (error) => translate(error, call)),
          }
        : response;
    } catch (error) {
      throw translate(error, call);
    }
  };
}

/** The same items; an error on the way is translated. */
export async function* translateIterable<Item>(
  items: AsyncIterable<Item>,
  translate: (error: unknown) => Error,
): AsyncIterable<Item> {
  try {
    yield* items;
  } catch (error) {
    throw translate(error);
  }
}
