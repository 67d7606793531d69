import type { Script } from "#mock-upstream/script.ts";

/** `usage` in Anthropic's words: cached tokens stand beside the input tokens. */
function anthropicUsage({ usage }: Script): object {
  return {
    input_tokens: usage.inputTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: usage.cacheReadTokens,
    output_tokens: usage.outputTokens + usage.reasoningTokens,
  };
}

const stopReason = (script: Script): string => {
  if (script.toolCall !== undefined) {
    return "tool_use";
  }
  return script.stoppedByLength ? "max_tokens" : "end_turn";
};

export function anthropicReply(id: string, script: Script): object {
  const block =
    script.toolCall === undefined
      ? { type: "text", text: script.words.join(" ") }
      : {
          type: "tool_use",
          id: `toolu_${id}`,
          name: script.toolCall.name,
          input: JSON.parse(script.toolCall.arguments),
        };
  return {
    id,
    type: "message",
    role: "assistant",
    model: script.model,
    content: [block],
    stop_reason: stopReason(script),
    stop_sequence: null,
    usage: anthropicUsage(script),
  };
}

/** Event name and data of a streamed message, `message_stop` included. */
export function anthropicEvents(
  id: string,
  script: Script,
): readonly (readonly [event: string, data: string])[] {
  const start = {
    type: "message_start",
    message: {
      id,
      type: "message",
      role: "assistant",
      model: script.model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { ...anthropicUsage(script), output_tokens: 1 },
    },
  };
  const end = {
    type: "message_delta",
    delta: { stop_reason: stopReason(script), stop_sequence: null },
    usage: { output_tokens: script.usage.outputTokens + script.usage.reasoningTokens },
  };
  return [
    named(start),
    named({ type: "ping" }),
    ...blockEvents(id, script).map((event) => named(event)),
    named(end),
    named({ type: "message_stop" }),
  ];
}

interface TypedEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

const named = (event: TypedEvent): readonly [string, string] => [event.type, JSON.stringify(event)];

function blockEvents(id: string, script: Script): readonly TypedEvent[] {
  const delta = (value: object): TypedEvent => ({
    type: "content_block_delta",
    index: 0,
    delta: value,
  });
  const block =
    script.toolCall === undefined
      ? { type: "text", text: "" }
      : { type: "tool_use", id: `toolu_${id}`, name: script.toolCall.name, input: {} };
  const deltas =
    script.toolCall === undefined
      ? script.words.map((word, index) =>
          delta({ type: "text_delta", text: index === 0 ? word : ` ${word}` }),
        )
      : [delta({ type: "input_json_delta", partial_json: script.toolCall.arguments })];
  return [
    { type: "content_block_start", index: 0, content_block: block },
    ...deltas,
    { type: "content_block_stop", index: 0 },
  ];
}
