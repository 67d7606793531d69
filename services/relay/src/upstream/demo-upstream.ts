import type { Clock, Timer } from "@tollgate/kit/clock/clock";
import type { UpstreamFault } from "#conversation/upstream-fault.ts";
import type { DemoReply } from "#providers/demo/demo-reply.ts";
import { demoReply } from "#providers/demo/demo-reply.ts";
import type { BodySink, Upstream, UpstreamExchange, UpstreamReply } from "#upstream/upstream.ts";

const cutFault: UpstreamFault = {
  kind: "transient",
  status: 0,
  reason: "CONNECTION_LOST",
  message: "The upstream closed the connection.",
};

const abortedFault: UpstreamFault = { ...cutFault, reason: "ABORTED" };

/** Serves the built-in upstream in this process, at its own pace. */
export function createDemoUpstream(clock: Clock): Upstream {
  return {
    send: (head, body) => {
      const request = body === undefined ? head : { ...head, body };
      return new DemoExchange(clock, demoReply(request));
    },
    close: async () => undefined,
  };
}

class DemoExchange implements UpstreamExchange, UpstreamReply {
  readonly kind = "reply";
  readonly reply: Promise<UpstreamReply>;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly #clock: Clock;
  readonly #script: DemoReply;
  #sink: BodySink | undefined;
  #timer: Timer | undefined;
  #next = 0;
  #hasWaited = false;
  #isPaused = false;
  #isOver = false;

  constructor(clock: Clock, script: DemoReply) {
    this.#clock = clock;
    this.#script = script;
    this.status = script.status;
    this.headers = script.headers;
    this.reply = Promise.resolve(this);
  }

  read(sink: BodySink): void {
    this.#sink = sink;
    this.#step();
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    if (this.#isPaused) {
      this.#isPaused = false;
      this.#step();
    }
  }

  abort(): void {
    this.#finish(abortedFault);
  }

  #step(): void {
    while (this.#mayGoOn()) {
      const chunk = this.#script.chunks[this.#next];
      if (chunk === undefined) {
        this.#finish(this.#script.isCut ? cutFault : undefined);
      } else if (chunk.delayMs > 0 && !this.#hasWaited) {
        this.#wait(chunk.delayMs);
        return;
      } else {
        this.#hasWaited = false;
        this.#next += 1;
        this.#sink?.onChunk(Buffer.from(chunk.text));
      }
    }
  }

  #mayGoOn(): boolean {
    return !this.#isPaused && !this.#isOver;
  }

  #wait(delayMs: number): void {
    this.#timer?.cancel();
    this.#timer = this.#clock.setTimeout(() => {
      this.#hasWaited = true;
      this.#step();
    }, delayMs);
  }

  #finish(fault: UpstreamFault | undefined): void {
    if (this.#isOver) {
      return;
    }
    this.#isOver = true;
    this.#timer?.cancel();
    if (fault === undefined) {
      this.#sink?.onEnd();
    } else {
      this.#sink?.onFault(fault);
    }
  }
}
