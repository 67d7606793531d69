import type { ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { Behaviour } from "#mock-upstream/behaviour.ts";
import type { BookedCall } from "#mock-upstream/books.ts";

/** One event before it is framed. */
export interface MockEvent {
  readonly name?: string;
  readonly data: string;
  /** Counts as a piece of delivered content. */
  readonly isContent: boolean;
}

export interface StreamPlan {
  readonly events: readonly MockEvent[];
  /** The dialect's error event. */
  readonly failure: MockEvent;
  readonly behaviour: Behaviour;
  readonly call: BookedCall;
}

const FLUSH_MS = 50;

/** Plays a streamed reply, misbehaving as told; books what the socket took. */
export async function playStream(response: ServerResponse, plan: StreamPlan): Promise<void> {
  const { behaviour, call } = plan;
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  for (const [index, event] of plan.events.entries()) {
    const fate = await beforeEvent(response, plan, index);
    if (fate === "stop") {
      return;
    }
    // The terminal event is booked before it is sent: a caller may act on it at once.
    if (index === plan.events.length - 1) {
      call.outcome = "complete";
    }
    await writeFrame(response, frameOf(inflate(event, index, behaviour), behaviour), behaviour);
    call.delivered += event.isContent ? 1 : 0;
  }
  response.end();
}

async function beforeEvent(
  response: ServerResponse,
  { behaviour, call, failure }: StreamPlan,
  index: number,
): Promise<"go" | "stop"> {
  if (response.destroyed) {
    call.outcome = "caller-left";
    return "stop";
  }
  if (behaviour.pauseMs !== undefined) {
    await pause(behaviour.pauseMs);
  }
  if (behaviour.stallAfter === index) {
    return "stop";
  }
  if (behaviour.cutAfter === index) {
    call.outcome = "cut";
    // What was written so far must get out first: a reset would take it along.
    await pause(FLUSH_MS);
    response.socket?.destroy();
    return "stop";
  }
  if (behaviour.errorAfter === index) {
    call.outcome = "failed";
    response.end(frameOf(failure, behaviour));
    return "stop";
  }
  return "go";
}

/** Makes the second event's line as long as told, by a field that no client reads. */
function inflate(event: MockEvent, index: number, { hugeLineKiB }: Behaviour): MockEvent {
  if (hugeLineKiB === undefined || index !== 1 || !event.data.startsWith("{")) {
    return event;
  }
  return {
    ...event,
    data: `{"padding":"${"x".repeat(hugeLineKiB * 1024)}",${event.data.slice(1)}`,
  };
}

function frameOf(event: MockEvent, behaviour: Behaviour): string {
  const end = behaviour.crlf === true ? "\r\n" : "\n";
  const comment = behaviour.comments === true ? `: keep-alive${end}${end}` : "";
  const name = event.name === undefined ? "" : `event: ${event.name}${end}`;
  return `${comment}${name}data: ${event.data}${end}${end}`;
}

async function writeFrame(
  response: ServerResponse,
  frame: string,
  behaviour: Behaviour,
): Promise<void> {
  if (behaviour.byteByByte !== true) {
    response.write(frame);
    return;
  }
  for (const byte of Buffer.from(frame)) {
    response.write(Buffer.of(byte));
    await pause(0);
  }
}
