import type { Dispatcher } from "undici";
import type { UpstreamFault } from "#conversation/upstream-fault.ts";
import { faultFromUpstreamError } from "#upstream/upstream-error.ts";
import type {
  BodySink,
  UpstreamExchange,
  UpstreamFailure,
  UpstreamReply,
} from "#upstream/upstream.ts";

type Controller = Dispatcher.DispatchController;

// What may come in before somebody reads: more than one read of a socket.
const earlyBytesMax = 256 * 1024;

const abortedFault: UpstreamFault = {
  kind: "transient",
  status: 0,
  reason: "ABORTED",
  message: "The call was ended before the upstream had answered.",
};

/**
 * One request as undici drives it. A class, since its methods are called by undici on one object per call; the reply it
 * promises is the object itself.
 */
export class Exchange implements Dispatcher.DispatchHandler, UpstreamExchange, UpstreamReply {
  readonly kind = "reply";
  readonly reply: Promise<UpstreamReply | UpstreamFailure>;
  status = 0;
  headers: Readonly<Record<string, string | undefined>> = {};
  readonly #settle: (reply: UpstreamReply | UpstreamFailure) => void;
  #controller: Controller | undefined;
  #sink: BodySink | undefined;
  #early: Uint8Array[] = [];
  #earlyBytes = 0;
  #hasEnded = false;
  #fault: UpstreamFault | undefined;
  #isAborted = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(timeoutMs: number) {
    const { promise, resolve } = Promise.withResolvers<UpstreamReply | UpstreamFailure>();
    this.reply = promise;
    this.#settle = resolve;
    if (timeoutMs > 0) {
      this.#timer = setTimeout(() => this.#expire(), timeoutMs);
    }
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    if (this.#isAborted) {
      controller.abort(new Error("aborted"));
    }
  }

  onResponseStart(
    _controller: Controller,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    if (status < 200) {
      return;
    }
    this.status = status;
    this.headers = firstValues(headers);
    this.#settle(this);
  }

  onResponseData(controller: Controller, chunk: Uint8Array): void {
    if (this.#sink !== undefined) {
      this.#sink.onChunk(chunk);
      return;
    }
    this.#early.push(chunk);
    this.#earlyBytes += chunk.length;
    if (this.#earlyBytes > earlyBytesMax) {
      controller.pause();
    }
  }

  onResponseEnd(): void {
    clearTimeout(this.#timer);
    this.#hasEnded = true;
    this.#sink?.onEnd();
  }

  onResponseError(_controller: Controller, error: Error): void {
    clearTimeout(this.#timer);
    // A handler that threw ends here too; its own bug must not pass for the upstream's fault unseen.
    this.#fault ??= this.#isAborted ? abortedFault : faultFromUpstreamError(error);
    this.#settle({ kind: "failure", fault: this.#fault });
    this.#sink?.onFault(this.#fault);
  }

  read(sink: BodySink): void {
    this.#sink = sink;
    const early = this.#early;
    this.#early = [];
    for (const chunk of early) {
      sink.onChunk(chunk);
    }
    if (this.#fault !== undefined) {
      sink.onFault(this.#fault);
    } else if (this.#hasEnded) {
      sink.onEnd();
    } else if (this.#earlyBytes > earlyBytesMax) {
      this.#controller?.resume();
    }
  }

  pause(): void {
    this.#controller?.pause();
  }

  resume(): void {
    this.#controller?.resume();
  }

  abort(): void {
    this.#isAborted = true;
    this.#controller?.abort(new Error("aborted"));
  }

  #expire(): void {
    this.#fault = {
      kind: "transient",
      status: 0,
      reason: "CALL_TIMEOUT",
      message: "The upstream did not finish its answer in time.",
    };
    this.abort();
  }
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;
type PlainHeaders = Readonly<Record<string, string | undefined>>;

function firstValues(headers: Headers): PlainHeaders {
  // Nearly no upstream repeats a header, so nearly none are copied.
  if (isPlain(headers)) {
    return headers;
  }
  const plain: Record<string, string | undefined> = {};
  for (const name in headers) {
    const value = headers[name];
    plain[name] = Array.isArray(value) ? value[0] : value;
  }
  return plain;
}

function isPlain(headers: Headers): headers is PlainHeaders {
  for (const name in headers) {
    if (Array.isArray(headers[name])) {
      return false;
    }
  }
  return true;
}
