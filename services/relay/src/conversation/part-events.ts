import type { ChatEvent } from "#conversation/chat-event.ts";

/** The parts that come in pieces. */
export type StreamedPart = "text" | "thinking" | "refusal";

/** Numbers the parts of a streamed answer and sees to it that one ends before the next starts. */
export interface PartEvents {
  /** A piece of such a part; it goes on with the open one if that is of the same kind. */
  readonly piece: (part: StreamedPart, text: string) => readonly ChatEvent[];
  /** Opens a part without a piece yet. */
  readonly open: (part: StreamedPart) => readonly ChatEvent[];
  readonly openToolCall: (id: string, name: string) => readonly ChatEvent[];
  /** A piece of the arguments of the open tool call. */
  readonly toolCallPiece: (argumentsText: string) => readonly ChatEvent[];
  readonly redactedThinking: (data: string) => readonly ChatEvent[];
  /** Ends the open part, if there is one. */
  readonly close: (signature?: string) => readonly ChatEvent[];
}

const NONE: readonly ChatEvent[] = [];

/** Starts before the first part. */
export function createPartEvents(): PartEvents {
  let openPart: StreamedPart | "tool-call" | undefined;
  let index = -1;

  const close = (signature?: string): readonly ChatEvent[] => {
    const part = openPart;
    openPart = undefined;
    if (part === undefined) {
      return NONE;
    }
    return part === "thinking" && signature !== undefined
      ? [{ kind: "thinking-end", index, signature }]
      : [{ kind: `${part}-end`, index }];
  };
  const open = (part: StreamedPart): readonly ChatEvent[] => {
    const ended = close();
    openPart = part;
    index += 1;
    return [...ended, { kind: `${part}-start`, index }];
  };

  return {
    open,
    close,
    piece: (part, text) => {
      const opened = openPart === part ? NONE : open(part);
      return [...opened, { kind: `${part}-delta`, index, text }];
    },
    openToolCall: (id, name) => {
      const ended = close();
      openPart = "tool-call";
      index += 1;
      return [...ended, { kind: "tool-call-start", index, id, name }];
    },
    toolCallPiece: (argumentsText) =>
      argumentsText === "" ? NONE : [{ kind: "tool-call-delta", index, argumentsText }],
    redactedThinking: (data) => {
      const ended = close();
      index += 1;
      return [...ended, { kind: "redacted-thinking", index, data }];
    },
  };
}
