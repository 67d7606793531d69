import type { ChatEvent } from "#conversation/chat-event.ts";

/** What is wrong with the order of a stream's events, or undefined for a stream that keeps what `ChatEvent` promises. */
export function findEventDisorder(events: readonly ChatEvent[]): string | undefined {
  if (events[0]?.kind !== "reply-start" && events[0]?.kind !== "reply-failed") {
    return "the first event is not reply-start";
  }
  let open: { readonly part: string; readonly index: number } | undefined;
  let nextIndex = 0;
  for (const [position, event] of events.entries()) {
    const where = `event ${position} (${event.kind})`;
    const isLast = position === events.length - 1;
    if ((event.kind === "reply-end" || event.kind === "reply-failed") !== isLast) {
      return isLast ? "the last event ends nothing" : `${where} is not the last one`;
    }
    if (event.kind === "reply-start" && position > 0) {
      return `${where} comes again`;
    }
    if (event.kind === "reply-end" && open !== undefined) {
      return `${where} leaves ${open.part} open`;
    }
    if ("index" in event) {
      const step = stepOf(event.kind);
      if (step.does === "opens" || step.does === "is whole") {
        if (open !== undefined || event.index !== nextIndex) {
          return `${where} does not start part ${nextIndex} after the end of the one before`;
        }
        nextIndex += 1;
        open = step.does === "opens" ? { part: step.part, index: event.index } : undefined;
      } else if (open?.part !== step.part || open.index !== event.index) {
        return `${where} does not belong to the part that is open`;
      } else if (step.does === "closes") {
        open = undefined;
      }
    }
  }
  return undefined;
}

interface Step {
  readonly part: string;
  readonly does: "opens" | "goes on" | "closes" | "is whole";
}

function stepOf(kind: ChatEvent["kind"]): Step {
  const match = /^(.+)-(start|delta|end)$/u.exec(kind);
  if (match === null) {
    return { part: kind, does: "is whole" };
  }
  const [, part = "", suffix = ""] = match;
  return { part, does: suffix === "start" ? "opens" : suffix === "delta" ? "goes on" : "closes" };
}
