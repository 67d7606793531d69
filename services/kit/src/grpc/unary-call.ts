import type { DescMessage } from "@bufbuild/protobuf";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import type { UnaryRequest, UnaryResponse } from "@connectrpc/connect";
import type { Client } from "@grpc/grpc-js";
import { connectErrorFromFailure } from "./grpc-status.ts";
import { copyMetadata, metadataFromHeaders } from "./metadata.ts";

interface UnaryCall<I extends DescMessage, O extends DescMessage> {
  readonly client: Client;
  readonly request: UnaryRequest<I, O>;
  /** Milliseconds since 1970. */
  readonly deadlineMs: number;
}

/** One unary call on a grpc-js channel; rejects with a `ConnectError`. */
export async function callUnary<I extends DescMessage, O extends DescMessage>({
  client,
  request,
  deadlineMs,
}: UnaryCall<I, O>): Promise<UnaryResponse<I, O>> {
  const { method, service, message, signal } = request;
  const header = new Headers();
  const trailer = new Headers();
  return new Promise((resolve, reject) => {
    const call = client.makeUnaryRequest(
      request.url,
      (input: typeof message) => bytesOf(toBinary(method.input, input)),
      (bytes: Buffer) => fromBinary(method.output, bytes),
      message,
      metadataFromHeaders(request.header),
      { deadline: deadlineMs },
      (failure, reply) => {
        signal.removeEventListener("abort", cancel);
        if (failure !== null) {
          reject(connectErrorFromFailure(failure));
        } else if (reply !== undefined) {
          resolve({ stream: false, service, method, header, trailer, message: reply });
        }
      },
    );
    function cancel(): void {
      call.cancel();
    }
    call.on("metadata", (metadata) => copyMetadata(metadata, header));
    call.on("status", (status) => copyMetadata(status.metadata, trailer));
    signal.addEventListener("abort", cancel, { once: true });
    if (signal.aborted) {
      cancel();
    }
  });
}

function bytesOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
