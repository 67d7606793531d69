import { Readable } from "node:stream";

/** Server-sent events for one browser. A slow reader loses the oldest events and is told how many. */
export interface EventStream {
  readonly body: Readable;
  send(event: string, data: unknown): void;
  /** Keeps proxies from closing a quiet stream. */
  beat(): void;
  /** Sends what is waiting, then ends. */
  end(): void;
}

/** Makes a stream that holds at most `queueMax` events back. */
export function createEventStream(queueMax: number): EventStream {
  const queue: string[] = [];
  let dropped = 0;
  let wantsMore = false;
  let isEnding = false;
  const body = new Readable({
    highWaterMark: 64 * 1024,
    read() {
      wantsMore = true;
      flush();
    },
  });
  const flush = (): void => {
    while (wantsMore && !body.destroyed) {
      const text = takeNext();
      if (text === undefined) {
        if (isEnding) {
          wantsMore = false;
          body.push(null);
        }
        return;
      }
      wantsMore = body.push(text);
    }
  };
  const takeNext = (): string | undefined => {
    if (dropped > 0) {
      const notice = formatEvent("dropped", { count: dropped });
      dropped = 0;
      return notice;
    }
    return queue.shift();
  };
  const add = (text: string): void => {
    if (body.destroyed || isEnding) {
      return;
    }
    if (queue.length >= queueMax) {
      queue.shift();
      dropped += 1;
    }
    queue.push(text);
    flush();
  };
  return {
    body,
    send: (event, data) => add(formatEvent(event, data)),
    beat: () => add(": beat\n\n"),
    end: () => {
      isEnding = true;
      flush();
    },
  };
}

function formatEvent(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
