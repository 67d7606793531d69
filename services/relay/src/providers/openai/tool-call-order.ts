import type { ChatEvent } from "#conversation/chat-event.ts";
import { countOf, objectOr, textOr } from "#conversation/json-value.ts";
import type { JsonObject } from "#conversation/json-value.ts";
import type { PartEvents } from "#conversation/part-events.ts";
import { argumentsIn } from "#providers/openai/message-text.ts";

/**
 * Brings the pieces of parallel tool calls into order. OpenAI numbers them and may send the pieces of several in turns,
 * while parts never overlap: the first call streams, the others wait until it is known to be over.
 */
export interface ToolCallOrder {
  /** Takes one entry of `delta.tool_calls`. */
  readonly read: (entry: JsonObject) => readonly ChatEvent[];
  /** No more pieces will come for the calls seen so far. */
  readonly flush: () => readonly ChatEvent[];
  readonly hasCalls: () => boolean;
}

interface WaitingCall {
  readonly index: number;
  readonly id: string;
  name: string;
  argumentsText: string;
}

/** Starts without a call. */
export function createToolCallOrder(parts: PartEvents): ToolCallOrder {
  let live: WaitingCall | undefined;
  let waiting: WaitingCall[] = [];
  let hasCalls = false;

  const find = (index: number, id: string): WaitingCall | undefined =>
    [...waiting.toReversed(), ...(live === undefined ? [] : [live])].find(
      // Some vendors number every call 0; then the id tells them apart.
      (call) => call.index === index && (id === "" || call.id === id),
    );

  const whole = (call: WaitingCall): readonly ChatEvent[] =>
    parts.openToolCall(call.id, call.name).concat(parts.toolCallPiece(call.argumentsText));

  return {
    hasCalls: () => hasCalls,
    read: (entry) => {
      hasCalls = true;
      const called = objectOr(entry["function"] ?? entry["custom"]);
      const id = textOr(entry["id"]);
      const name = textOr(called["name"]);
      const argumentsText = argumentsIn(called);
      const index = countOf(entry["index"]) ?? 0;
      const known = find(index, id);
      if (known === undefined) {
        const call = { index, id, name, argumentsText };
        if (live === undefined) {
          live = call;
          return whole(call);
        }
        waiting.push(call);
        return [];
      }
      if (known === live) {
        return parts.toolCallPiece(argumentsText);
      }
      known.name ||= name;
      known.argumentsText += argumentsText;
      return [];
    },
    flush: () => {
      const calls = waiting;
      waiting = [];
      live = undefined;
      return calls.flatMap(whole);
    },
  };
}
