import type { Script } from "#mock-upstream/script.ts";

/** `usage` in OpenAI's words: cached and reasoning tokens are parts of the totals. */
function openaiUsage({ usage }: Script): object {
  const prompt = usage.inputTokens + usage.cacheReadTokens;
  const completion = usage.outputTokens + usage.reasoningTokens;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: usage.cacheReadTokens },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens },
  };
}

export function openaiReply(id: string, script: Script): object {
  const message =
    script.toolCall === undefined
      ? { role: "assistant", content: script.words.join(" ") }
      : { role: "assistant", content: null, tool_calls: [toolCall(id, script.toolCall)] };
  return {
    id,
    object: "chat.completion",
    created: 1_760_000_000,
    model: script.model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishReason(script) }],
    usage: openaiUsage(script),
  };
}

/** Data of each event, without `[DONE]`; the last one is the usage chunk when `withUsage`. */
export function openaiEvents(id: string, script: Script, withUsage: boolean): readonly string[] {
  const chunk = (delta: object, finish: string | null): string =>
    JSON.stringify({
      id,
      object: "chat.completion.chunk",
      created: 1_760_000_000,
      model: script.model,
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
      ...(withUsage ? { usage: null } : {}),
    });
  const content =
    script.toolCall === undefined
      ? script.words.map((word, index) => chunk({ content: index === 0 ? word : ` ${word}` }, null))
      : [chunk({ tool_calls: [{ index: 0, ...toolCall(id, script.toolCall) }] }, null)];
  const usage = JSON.stringify({
    id,
    object: "chat.completion.chunk",
    created: 1_760_000_000,
    model: script.model,
    choices: [],
    usage: openaiUsage(script),
  });
  return [
    chunk({ role: "assistant", content: "" }, null),
    ...content,
    chunk({}, finishReason(script)),
    ...(withUsage ? [usage] : []),
  ];
}

export function openaiCompletion(id: string, script: Script): object {
  return {
    id,
    object: "text_completion",
    created: 1_760_000_000,
    model: script.model,
    choices: [
      {
        index: 0,
        text: script.words.join(" "),
        logprobs: null,
        finish_reason: finishReason(script),
      },
    ],
    usage: openaiUsage(script),
  };
}

export function openaiEmbedding(script: Script, inputs: number): object {
  return {
    object: "list",
    model: script.model,
    data: Array.from({ length: inputs }, (_, index) => ({
      object: "embedding",
      index,
      embedding: [0.25, -0.5, 0.125],
    })),
    usage: {
      prompt_tokens: script.usage.inputTokens + script.usage.cacheReadTokens,
      total_tokens: script.usage.inputTokens + script.usage.cacheReadTokens,
    },
  };
}

function finishReason(script: Script): string {
  if (script.toolCall !== undefined) {
    return "tool_calls";
  }
  return script.stoppedByLength ? "length" : "stop";
}

function toolCall(id: string, call: { readonly name: string; readonly arguments: string }): object {
  return {
    id: `call_${id}`,
    type: "function",
    function: { name: call.name, arguments: call.arguments },
  };
}
