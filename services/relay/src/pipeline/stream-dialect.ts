import type { ChatEvent } from "#conversation/chat-event.ts";
import type { TokenUsage } from "#conversation/token-usage.ts";
import type {
  ChatDialect,
  EventFacts,
  EventReaderWish,
  NativeDialect,
} from "#providers/provider.ts";
import type { ChatStreamRenderer } from "#surfaces/surface.ts";

/** What one event of the upstream means for the call, and for the client. */
export interface StreamStep extends EventFacts {
  /** What the client gets for it; absent = the event itself, byte for byte. */
  readonly text?: string;
  /** With `terminal`: the part of `text` that comes before the frames that end the stream. */
  readonly textBefore?: string;
}

/** One streamed reply as the pipeline follows it, whether bytes pass or events are translated. */
export interface StreamDialect {
  /** Its steps hold the content itself, not only the size of it. */
  readonly tellsContent: boolean;
  readonly read: (event: string, data: string) => StreamStep;
  /** The body has ended; `undefined` = there is nothing to add. */
  readonly end: () => StreamStep | undefined;
}

/** Bytes pass; usage is tapped. */
export function passThrough(native: NativeDialect, wish: EventReaderWish): StreamDialect {
  const reader = native.openEventReader(wish);
  let isFinished = false;
  return {
    tellsContent: wish.content,
    read: (event, data) => {
      const facts = reader.read(event, data);
      isFinished ||= facts.finished === true;
      return facts;
    },
    // Some upstreams leave the terminal event out: the client gets one all the same.
    end: () =>
      isFinished
        ? { contentBytes: 0, terminal: true, text: native.terminalFrame ?? "" }
        : undefined,
  };
}

/** The provider's events become the canonical ones, and those the surface's. */
export function translate(
  dialect: ChatDialect,
  renderer: ChatStreamRenderer,
  wish: EventReaderWish,
): StreamDialect {
  const reader = dialect.openStream();
  let usage: TokenUsage | undefined;
  const step = (events: readonly ChatEvent[]): StreamStep => {
    let text = "";
    let textBefore = "";
    let facts: StreamStep = { contentBytes: 0 };
    for (const event of events) {
      usage = event.kind === "usage" ? event.usage : usage;
      facts = addFacts(facts, event, wish);
      // The pipeline says itself how a failure ends the stream.
      if (event.kind !== "reply-failed") {
        textBefore = event.kind === "reply-end" ? text : textBefore;
        text += renderer.render(event, usage);
      }
    }
    return {
      ...facts,
      text: facts.terminal === true ? text.slice(textBefore.length) : text,
      textBefore,
      ...(usage === undefined ? {} : { usage }),
    };
  };
  return {
    tellsContent: wish.content,
    read: (event, data) => step(reader.read(event, data)),
    end: () => step(reader.end()),
  };
}

function addFacts(facts: StreamStep, event: ChatEvent, wish: EventReaderWish): StreamStep {
  switch (event.kind) {
    case "text-delta":
    case "thinking-delta":
    case "refusal-delta":
      return addContent(facts, event.text, wish);
    case "tool-call-delta":
      return addContent(facts, event.argumentsText, wish);
    case "reply-start":
      return { ...facts, upstreamId: event.id };
    case "reply-end":
      return { ...facts, terminal: true };
    case "reply-failed":
      return { ...facts, fault: event.fault };
    default:
      return facts;
  }
}

function addContent(facts: StreamStep, text: string, wish: EventReaderWish): StreamStep {
  const contentBytes = facts.contentBytes + Buffer.byteLength(text);
  return wish.content
    ? { ...facts, contentBytes, content: (facts.content ?? "") + JSON.stringify(text).slice(1, -1) }
    : { ...facts, contentBytes };
}
