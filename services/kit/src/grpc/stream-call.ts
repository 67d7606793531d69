import { once } from "node:events";
import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import type { StreamRequest, StreamResponse } from "@connectrpc/connect";
import type { Client, ClientDuplexStream } from "@grpc/grpc-js";
import { connectErrorFromFailure } from "./grpc-status.ts";
import { copyMetadata, metadataFromHeaders } from "./metadata.ts";

interface StreamCall<I extends DescMessage, O extends DescMessage> {
  readonly client: Client;
  readonly request: StreamRequest<I, O>;
  /** Milliseconds since 1970; absent for a stream without an end. */
  readonly deadlineMs: number | undefined;
}

/**
 * One streaming call on a grpc-js channel. All kinds of streams are the same on the wire, so all are opened as bidirectional
 * ones. The response is there at once; its headers fill in when they arrive. Back-pressure works both ways.
 */
export function callStream<I extends DescMessage, O extends DescMessage>({
  client,
  request,
  deadlineMs,
}: StreamCall<I, O>): StreamResponse<I, O> {
  const { method, service, signal } = request;
  const header = new Headers();
  const trailer = new Headers();
  const call = client.makeBidiStreamRequest(
    request.url,
    (input: MessageShape<I>) => Buffer.from(toBinary(method.input, input)),
    (bytes: Buffer) => fromBinary(method.output, bytes),
    metadataFromHeaders(request.header),
    deadlineMs === undefined ? {} : { deadline: deadlineMs },
  );
  const cancel = (): void => call.cancel();
  call.on("metadata", (metadata) => copyMetadata(metadata, header));
  call.on("status", (status) => {
    signal.removeEventListener("abort", cancel);
    copyMetadata(status.metadata, trailer);
  });
  signal.addEventListener("abort", cancel, { once: true });
  if (signal.aborted) {
    cancel();
  }
  const message = readMessages(call);
  void sendMessages(call, request.message);
  return { stream: true, service, method, header, trailer, message };
}

/** Sends everything; a failing source cancels the call, whose reader then sees CANCELED. */
async function sendMessages<Message>(
  call: ClientDuplexStream<Message, unknown>,
  messages: AsyncIterable<Message>,
): Promise<void> {
  const ended = new AbortController();
  call.once("status", () => ended.abort());
  try {
    for await (const message of messages) {
      if (ended.signal.aborted) {
        return;
      }
      if (!call.write(message)) {
        await once(call, "drain", { signal: ended.signal });
      }
    }
    call.end();
  } catch {
    // Compensates: the call cannot be completed. After its end this does nothing.
    call.cancel();
  }
}

/** The messages received. Listens from the start, so that an early failure is not lost while nobody reads. */
function readMessages<Message>(call: ClientDuplexStream<never, Message>): AsyncIterable<Message>;
function readMessages(call: ClientDuplexStream<never, unknown>): AsyncIterable<unknown> {
  let wake = (): void => undefined;
  let failure: Error | undefined;
  let isEnded = false;
  call.on("readable", () => wake());
  call.on("end", () => {
    isEnded = true;
    wake();
  });
  call.on("error", (error) => {
    failure = error;
    wake();
  });
  return (async function* read() {
    for (;;) {
      const message: unknown = call.read();
      if (message !== null) {
        yield message;
      } else if (failure !== undefined) {
        throw connectErrorFromFailure(failure);
      } else if (isEnded) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  })();
}
