import type { ChatEvent } from "#conversation/chat-event.ts";

/** What is wrong with the order of a stream's events, or undefined for a stream that keeps what `ChatEvent` promises. */
export function findEventDisorder(events: readonly ChatEvent[]): string | undefined {
  const parts = createPartCheck();
  for (const [position, event] of events.entries()) {
    const wrong = wrongPosition(events, position) ?? parts.wrong(event);
    if (wrong !== undefined) {
      return `event ${position} (${event.kind}) ${wrong}`;
    }
  }
  return events.length === 0 ? "there are no events" : undefined;
}

function wrongPosition(events: readonly ChatEvent[], position: number): string | undefined {
  const kind = events[position]?.kind;
  const isLast = position === events.length - 1;
  if (position === 0 && kind !== "reply-start" && kind !== "reply-failed") {
    return "comes before reply-start";
  }
  if (position > 0 && kind === "reply-start") {
    return "comes again";
  }
  const isEnd = kind === "reply-end" || kind === "reply-failed";
  if (isEnd === isLast) {
    return undefined;
  }
  return isLast ? "is the last one and ends nothing" : "is not the last one";
}

function createPartCheck(): { readonly wrong: (event: ChatEvent) => string | undefined } {
  let open: string | undefined;
  let nextIndex = 0;

  const wrongStart = (index: number): string | undefined =>
    open === undefined && index === nextIndex
      ? undefined
      : `does not start part ${nextIndex} after the end of the one before`;

  return {
    wrong: (event) => {
      if (!("index" in event)) {
        return event.kind === "reply-end" && open !== undefined ? `leaves ${open} open` : undefined;
      }
      const [, part = event.kind, step = "whole"] =
        /^(.+)-(start|delta|end)$/u.exec(event.kind) ?? [];
      if (step === "start" || step === "whole") {
        const wrong = wrongStart(event.index);
        nextIndex += 1;
        open = step === "start" ? part : undefined;
        return wrong;
      }
      const isOpen = open === part && event.index === nextIndex - 1;
      open = step === "end" ? undefined : open;
      return isOpen ? undefined : "does not belong to the part that is open";
    },
  };
}
