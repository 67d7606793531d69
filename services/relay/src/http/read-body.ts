import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";
import { DeadlineSweep } from "#http/deadline-sweep.ts";
import { limits } from "#limits.ts";
import { relayFaults } from "#pipeline/relay-faults.ts";

const decoders: Readonly<
  Record<string, (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>>
> = {
  gzip: promisify(gunzip),
  "x-gzip": promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/** Reads a body of at most `bytesMax` bytes and undoes its compression. Rejects with the fault for the caller. */
export async function readRequestBody(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  if (Number(request.headers["content-length"] ?? 0) > bytesMax) {
    throw tooLarge(bytesMax);
  }
  const bytes = await collect(request, bytesMax);
  const encoding = request.headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  return encoding === "identity" || encoding === "" ? bytes : decode(bytes, encoding, bytesMax);
}

// Not async: that would put another promise around the one that it makes.
function collect(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let first: Buffer | undefined;
    let chunks: Buffer[] | undefined;
    let length = 0;
    const fail = (error: Error): void => {
      deadlines.cancel(deadline);
      request.off("data", take);
      request.resume();
      reject(error);
    };
    const deadline = deadlines.start(() => fail(relayFaults.fault("BODY_TOO_SLOW")));
    const take = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > bytesMax) {
        fail(tooLarge(bytesMax));
      } else if (first === undefined) {
        first = chunk;
      } else {
        chunks ??= [first];
        chunks.push(chunk);
      }
    };
    request.on("data", take);
    request.on("end", () => {
      deadlines.cancel(deadline);
      resolve(chunks === undefined ? (first ?? empty) : Buffer.concat(chunks, length));
    });
    request.on("error", (cause) => fail(relayFaults.fault("CLIENT_GONE", { cause })));
  });
}

const empty = Buffer.alloc(0);
const deadlines = new DeadlineSweep(limits.bodyReadMs);

async function decode(bytes: Buffer, encoding: string, bytesMax: number): Promise<Buffer> {
  const decoder = decoders[encoding];
  if (decoder === undefined) {
    throw relayFaults.fault("BODY_ENCODING");
  }
  const maxOutputLength = bytesMax * limits.inflateFactor;
  try {
    return await decoder(bytes, { maxOutputLength });
  } catch (error) {
    const isTooLarge =
      error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
    throw isTooLarge
      ? tooLarge(maxOutputLength)
      : relayFaults.fault("BODY_ENCODING", { cause: error });
  }
}

function tooLarge(bytesMax: number): Error {
  return relayFaults.fault("BODY_TOO_LARGE", {
    sentence: `The request's body is larger than ${bytesMax} bytes.`,
  });
}
