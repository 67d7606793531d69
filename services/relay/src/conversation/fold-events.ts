import type { ChatEvent } from "#conversation/chat-event.ts";
import type { ChatReply } from "#conversation/chat-reply.ts";
import type { AssistantPart } from "#conversation/chat-request.ts";
import type { StopReason } from "#conversation/stop-reason.ts";
import type { TokenUsage } from "#conversation/token-usage.ts";
import type { UpstreamFault } from "#conversation/upstream-fault.ts";

/** Puts a streamed answer together. */
export interface EventFold {
  readonly add: (event: ChatEvent) => void;
  /** The reply so far; `fault` is set if the stream failed or has not ended. */
  readonly reply: () => ChatReply;
}

/** Starts with nothing. Expects events in the order that `ChatEvent` promises. */
export function createEventFold(): EventFold {
  const parts: AssistantPart[] = [];
  let id = "";
  let model = "";
  let text = "";
  let call = { id: "", name: "" };
  let usage: TokenUsage | undefined;
  let stopReason: StopReason = { kind: "other", raw: "" };
  let fault: UpstreamFault | undefined = UNFINISHED;

  const add = (event: ChatEvent): void => {
    switch (event.kind) {
      case "reply-start":
        ({ id, model } = event);
        return;
      case "tool-call-start":
        call = event;
        text = "";
        return;
      case "text-start":
      case "thinking-start":
      case "refusal-start":
        text = "";
        return;
      case "text-delta":
      case "thinking-delta":
      case "refusal-delta":
        text += event.text;
        return;
      case "tool-call-delta":
        text += event.argumentsText;
        return;
      case "text-end":
        parts.push({ kind: "text", text });
        return;
      case "refusal-end":
        parts.push({ kind: "refusal", text });
        return;
      case "thinking-end": {
        const { signature } = event;
        parts.push({ kind: "thinking", text, ...(signature === undefined ? {} : { signature }) });
        return;
      }
      case "redacted-thinking":
        parts.push({ kind: "redacted-thinking", data: event.data });
        return;
      case "tool-call-end":
        parts.push({ kind: "tool-call", id: call.id, name: call.name, arguments: text });
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
    }
  };

  return {
    add,
    reply: () => ({
      id,
      model,
      parts: [...parts],
      stopReason,
      ...(usage === undefined ? {} : { usage }),
      ...(fault === undefined ? {} : { fault }),
    }),
  };
}

/** The events of a whole answer as one reply. */
export function foldEvents(events: Iterable<ChatEvent>): ChatReply {
  const fold = createEventFold();
  for (const event of events) {
    fold.add(event);
  }
  return fold.reply();
}

const UNFINISHED: UpstreamFault = {
  kind: "transient",
  status: 200,
  reason: "STREAM_CUT",
  message: "The stream has not ended.",
};
