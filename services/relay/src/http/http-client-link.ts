import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Clock } from "@tollgate/kit/clock/clock";
import { frameChunk } from "#http/frame-chunk.ts";
import { limits } from "#limits.ts";
import type { ClientLink, WholeAnswer } from "#pipeline/client-link.ts";

export interface HttpClientLinkOptions {
  readonly response: ServerResponse;
  readonly clock: Clock;
  /** Headers of every answer, as a flat list. */
  readonly headers: readonly string[];
  /** The process is stopping: the connection is not to be used again. */
  readonly isStopping: () => boolean;
}

const oneWriteBytesMax = 8192;

/** The way back over one HTTP response. */
export class HttpClientLink implements ClientLink {
  readonly #options: HttpClientLinkOptions;
  readonly #response: ServerResponse;
  #isGone = false;
  #onGone: (() => void) | undefined;
  #firstByteAtMs = 0;
  /** 0 = the client's own bound stands. */
  #outputCap = 0;
  #hasBegun = false;
  #stall: NodeJS.Timeout | undefined;
  #onDrain: (() => void) | undefined;
  /** Whoever tells that the client has caught up. */
  #blockedBy: Socket | ServerResponse | undefined;
  readonly #drained = (): void => {
    clearTimeout(this.#stall);
    this.#blockedBy = undefined;
    this.#onDrain?.();
  };

  constructor(options: HttpClientLinkOptions) {
    this.#options = options;
    this.#response = options.response;
    // Fires once; `once` would wrap it for every call.
    options.response.on("close", () => {
      clearTimeout(this.#stall);
      this.#blockedBy?.off("drain", this.#drained);
      if (!options.response.writableFinished) {
        this.#isGone = true;
        this.#onGone?.();
      }
    });
  }

  isGone(): boolean {
    return this.#isGone;
  }

  onGone(listener: (() => void) | undefined): void {
    this.#onGone = listener;
    if (this.#isGone) {
      listener?.();
    }
  }

  firstByteAtMs(): number {
    return this.#firstByteAtMs;
  }

  tellOutputCap(tokens: number): void {
    this.#outputCap = tokens;
  }

  sendWhole({ status, contentType, body, retryAfterMs, firstRequestId }: WholeAnswer): void {
    if (this.#isGone || this.#response.headersSent) {
      return;
    }
    const length = typeof body === "string" ? Buffer.byteLength(body) : body.length;
    const headers = this.#headers(contentType);
    headers.push("Content-Length", String(length));
    if (retryAfterMs !== undefined) {
      headers.push("Retry-After", String(Math.max(1, Math.ceil(retryAfterMs / 1000))));
    }
    if (firstRequestId !== undefined) {
      headers.push("X-First-Request-Id", firstRequestId);
    }
    this.#markFirstByte();
    this.#response.writeHead(status, headers);
    if (typeof body === "string" || length > oneWriteBytesMax) {
      this.#response.end(body);
    } else {
      // As a string of the same bytes it leaves with the head in one write instead of a list of them.
      this.#response.end(
        Buffer.from(body.buffer, body.byteOffset, length).toString("latin1"),
        "latin1",
      );
    }
  }

  openStream(): void {
    if (this.#isGone || this.#response.headersSent) {
      return;
    }
    const headers = this.#headers("text/event-stream");
    headers.push("Cache-Control", "no-cache", "X-Accel-Buffering", "no");
    this.#response.writeHead(200, headers);
  }

  write(bytes: Uint8Array | string): boolean {
    if (this.#isGone || bytes.length === 0) {
      return true;
    }
    this.#markFirstByte();
    const { socket } = this.#response;
    // Node hands over a chunk in four pieces; framed here it is one, which halves what a stream costs. The head goes with
    // the first piece through Node, and so does the end.
    if (this.#hasBegun && socket !== null && !socket.destroyed && this.#response.chunkedEncoding) {
      corkForThisTurn(socket);
      return socket.write(frameChunk(bytes)) || this.#block(socket);
    }
    this.#hasBegun = true;
    return this.#response.write(bytes) || this.#block(this.#response);
  }

  onDrain(listener: () => void): void {
    this.#onDrain = listener;
  }

  #block(by: Socket | ServerResponse): false {
    if (this.#blockedBy === undefined) {
      this.#blockedBy = by;
      by.once("drain", this.#drained);
      this.#stall = setTimeout(() => this.#response.destroy(), limits.clientStallMs);
    }
    return false;
  }

  end(last: Uint8Array | string): void {
    if (!this.#isGone) {
      this.#markFirstByte();
      this.#response.end(last);
    }
  }

  #headers(contentType: string): string[] {
    const headers = ["Content-Type", contentType, ...this.#options.headers];
    if (this.#outputCap > 0) {
      headers.push("X-Tollgate-Output-Cap", String(this.#outputCap));
    }
    if (this.#options.isStopping()) {
      headers.push("Connection", "close");
    }
    return headers;
  }

  #markFirstByte(): void {
    if (this.#firstByteAtMs === 0) {
      this.#firstByteAtMs = this.#options.clock.monotonicMs();
    }
  }
}

/** Pieces that one read of the upstream's socket brings leave together. */
function corkForThisTurn(socket: Socket): void {
  if (socket.writableCorked === 0) {
    socket.cork();
    process.nextTick(uncork, socket);
  }
}

function uncork(socket: Socket): void {
  socket.uncork();
}
