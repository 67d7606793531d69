import type { Clock, Timer } from "@tollgate/kit/clock/clock";
import type { UpstreamFault } from "#conversation/upstream-fault.ts";
import type { DemoChunk, DemoReply } from "#providers/demo/demo-reply.ts";
import { demoReply } from "#providers/demo/demo-reply.ts";
import type { BodySink, Upstream, UpstreamExchange } from "#upstream/upstream.ts";

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
      return answer(clock, demoReply(request));
    },
    close: async () => undefined,
  };
}

function answer(clock: Clock, { status, headers, chunks, isCut }: DemoReply): UpstreamExchange {
  let sink: BodySink | undefined;
  let timer: Timer | undefined;
  let next = 0;
  let isPaused = false;
  let isOver = false;

  const finish = (fault: UpstreamFault | undefined): void => {
    if (isOver) {
      return;
    }
    isOver = true;
    timer?.cancel();
    if (fault === undefined) {
      sink?.onEnd();
    } else {
      sink?.onFault(fault);
    }
  };
  const step = (): void => {
    while (!isPaused && !isOver) {
      const chunk = chunks[next];
      if (chunk === undefined) {
        finish(isCut ? cutFault : undefined);
      } else if (chunk.delayMs > 0 && timer === undefined) {
        wait(chunk);
        return;
      } else {
        give(chunk);
      }
    }
  };
  const wait = ({ delayMs }: DemoChunk): void => {
    timer = clock.setTimeout(step, delayMs);
  };
  const give = ({ text }: DemoChunk): void => {
    timer = undefined;
    next += 1;
    sink?.onChunk(Buffer.from(text));
  };
  return {
    reply: Promise.resolve({
      kind: "reply",
      status,
      headers,
      read: (reader) => {
        sink = reader;
        step();
      },
      pause: () => {
        isPaused = true;
      },
      resume: () => {
        if (isPaused) {
          isPaused = false;
          step();
        }
      },
    }),
    abort: () => finish(abortedFault),
  };
}
