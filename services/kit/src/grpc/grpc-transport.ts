import type { DescMethod } from "@bufbuild/protobuf";
import type { ContextValues, Transport } from "@connectrpc/connect";
import { createContextValues } from "@connectrpc/connect";
import { runStreamingCall, runUnaryCall } from "@connectrpc/connect/protocol";
import { Client, credentials } from "@grpc/grpc-js";
import { channelOptions, channelTarget } from "./channel-options.ts";
import { createFaultTransport } from "./fault-transport.ts";
import { callStream } from "./stream-call.ts";
import { callUnary } from "./unary-call.ts";

type HeaderSource = NonNullable<ConstructorParameters<typeof Headers>[0]>;

/** Where to call and how long to wait. */
export interface GrpcTransportOptions {
  /** "host:port", or several separated by commas; names are looked up again whenever a connection breaks. */
  readonly target: string;
  /** The deadline of a unary call that names none of its own. Streams have none unless they name one. */
  readonly deadlineMs: number;
  /** Headers for every call, for example the id of the request being served. The call's own come first. */
  readonly headers?: () => Readonly<Record<string, string>>;
}

/** A Connect transport that owns its channel. */
export interface GrpcTransport extends Transport {
  /** Closes the channel. Calls under way end with UNAVAILABLE or CANCELED. */
  close(): void;
}

/**
 * A Connect transport over channels of grpc-js: names looked up, round_robin over all addresses, keepalive, and up to three
 * tries on UNAVAILABLE. Failed calls reject with a `Fault`. Connects at the first call.
 */
export function createGrpcTransport(options: GrpcTransportOptions): GrpcTransport {
  const client = new Client(
    channelTarget(options.target),
    credentials.createInsecure(),
    channelOptions,
  );
  const close = (): void => client.close();
  return { ...createFaultTransport(createRawTransport(client, options)), close };
}

function createRawTransport(client: Client, options: GrpcTransportOptions): Transport {
  const requestOf = (
    method: DescMethod,
    header: HeaderSource | undefined,
    contextValues: ContextValues | undefined,
  ) => ({
    service: method.parent,
    requestMethod: "POST",
    url: `/${method.parent.typeName}/${method.name}`,
    header: mergeHeaders(header, options.headers?.()),
    contextValues: contextValues ?? createContextValues(),
  });
  // oxlint-disable max-params -- the shape of these two functions is given by Connect's Transport
  return {
    unary: async (method, signal, timeoutMs, header, message, contextValues) => {
      const limitMs = timeoutMs ?? options.deadlineMs;
      const deadlineMs = Date.now() + limitMs;
      return runUnaryCall({
        ...(signal === undefined ? {} : { signal }),
        timeoutMs: limitMs,
        req: { ...requestOf(method, header, contextValues), stream: false, method, message },
        next: async (request) => callUnary({ client, request, deadlineMs }),
      });
    },
    stream: async (method, signal, timeoutMs, header, message, contextValues) => {
      const deadlineMs = timeoutMs === undefined ? undefined : Date.now() + timeoutMs;
      return runStreamingCall({
        ...(signal === undefined ? {} : { signal }),
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
        req: { ...requestOf(method, header, contextValues), stream: true, method, message },
        next: async (request) => callStream({ client, request, deadlineMs }),
      });
    },
  };
  // oxlint-enable max-params
}

function mergeHeaders(
  own: HeaderSource | undefined,
  common: Readonly<Record<string, string>> | undefined,
): Headers {
  const headers = new Headers(own);
  for (const [name, value] of Object.entries(common ?? {})) {
    if (!headers.has(name)) {
      headers.set(name, value);
    }
  }
  return headers;
}
