import type { ChatEvent } from "#conversation/chat-event.ts";
import type { ChatReply } from "#conversation/chat-reply.ts";
import type { AssistantPart } from "#conversation/chat-request.ts";
import type { StopReason } from "#conversation/stop-reason.ts";
import type { TokenUsage } from "#conversation/token-usage.ts";
import type { UpstreamFault } from "#conversation/upstream-fault.ts";

/** The events of a whole answer as one reply. */
export function foldEvents(events: Iterable<ChatEvent>): ChatReply {
  const fold = createEventFold();
  for (const event of events) {
    fold.add(event);
  }
  return fold.reply();
}

/** Puts a streamed answer together. */
interface EventFold {
  readonly add: (event: ChatEvent) => void;
  /** The reply so far; `fault` is set if the stream failed or has not ended. */
  readonly reply: () => ChatReply;
}

/** Starts with nothing. Expects events in the order that `ChatEvent` promises. */
function createEventFold(): EventFold {
  const parts = createPartFold();
  let id = "";
  let model = "";
  let usage: TokenUsage | undefined;
  let stopReason: StopReason = { kind: "other", raw: "" };
  let fault: UpstreamFault | undefined = UNFINISHED;

  return {
    add: (event) => {
      switch (event.kind) {
        case "reply-start":
          ({ id, model } = event);
          return;
        case "usage":
          ({ usage } = event);
          return;
        case "reply-end":
          ({ stopReason } = event);
          fault = undefined;
          return;
        case "reply-failed":
          ({ fault } = event);
          return;
        default:
          parts.add(event);
      }
    },
    reply: () => ({
      id,
      model,
      parts: parts.parts(),
      stopReason,
      ...(usage === undefined ? {} : { usage }),
      ...(fault === undefined ? {} : { fault }),
    }),
  };
}

type PartEvent = Extract<ChatEvent, { readonly index: number }>;

function createPartFold(): {
  readonly add: (event: PartEvent) => void;
  readonly parts: () => readonly AssistantPart[];
} {
  const parts: AssistantPart[] = [];
  let text = "";
  let call = { id: "", name: "" };

  const finish = (event: PartEvent): AssistantPart | undefined => {
    switch (event.kind) {
      case "text-end":
        return { kind: "text", text };
      case "refusal-end":
        return { kind: "refusal", text };
      case "thinking-end": {
        const { signature } = event;
        return { kind: "thinking", text, ...(signature === undefined ? {} : { signature }) };
      }
      case "redacted-thinking":
        return { kind: "redacted-thinking", data: event.data };
      case "tool-call-end":
        return { kind: "tool-call", ...call, arguments: text };
      default:
        return undefined;
    }
  };

  return {
    parts: () => [...parts],
    add: (event) => {
      if ("text" in event) {
        text += event.text;
      } else if ("argumentsText" in event) {
        text += event.argumentsText;
      } else if (event.kind === "tool-call-start") {
        call = { id: event.id, name: event.name };
      }
      const part = finish(event);
      if (part !== undefined) {
        parts.push(part);
        text = "";
      }
    },
  };
}

const UNFINISHED: UpstreamFault = {
  kind: "transient",
  status: 200,
  reason: "STREAM_CUT",
  message: "The stream has not ended.",
};
