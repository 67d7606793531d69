import type { UpstreamFault } from "#conversation/upstream-fault.ts";
import type { UpstreamFailure, UpstreamReply } from "#upstream/upstream.ts";

/** Reads a body of bounded size; never rejects. Not async: that would put another promise around the one that it makes. */
export function readWhole(
  reply: UpstreamReply,
  options: { readonly bytesMax: number; readonly abort: () => void },
): Promise<Buffer | UpstreamFailure> {
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = [];
    let length = 0;
    let fault: UpstreamFault | undefined;
    reply.read({
      onChunk: (chunk) => {
        length += chunk.length;
        if (length > options.bytesMax) {
          fault ??= tooLarge;
          options.abort();
        } else {
          chunks.push(chunk);
        }
      },
      onEnd: () => resolve(joinChunks(chunks, length)),
      onFault: (cause) => resolve({ kind: "failure", fault: fault ?? cause }),
    });
  });
}

/** Reads at most so many bytes and lets the rest go; for messages of failures. */
export async function readStart(
  reply: UpstreamReply,
  options: { readonly bytesMax: number; readonly abort: () => void },
): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = [];
    let length = 0;
    const finish = (): void => {
      const bytes = joinChunks(chunks, length);
      resolve(bytes.toString("utf8", 0, Math.min(length, options.bytesMax)));
    };
    reply.read({
      onChunk: (chunk) => {
        if (length < options.bytesMax) {
          chunks.push(chunk);
          length += chunk.length;
        } else {
          options.abort();
        }
      },
      onEnd: finish,
      onFault: finish,
    });
  });
}

const tooLarge: UpstreamFault = {
  kind: "protocol",
  status: 0,
  reason: "REPLY_TOO_LARGE",
  message: "The upstream's answer is larger than the limit.",
};

function joinChunks(chunks: readonly Uint8Array[], length: number): Buffer {
  const [only] = chunks;
  return only !== undefined && chunks.length === 1
    ? Buffer.from(only.buffer, only.byteOffset, only.length)
    : Buffer.concat(chunks, length);
}
