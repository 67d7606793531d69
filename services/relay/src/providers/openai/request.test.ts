import assert from "node:assert/strict";
import { suite, test } from "node:test";

import { isJsonObject } from "#conversation/json-value.ts";
import type { JsonObject } from "#conversation/json-value.ts";
import type { ChatRequest } from "#conversation/chat-request.ts";
import { writeChatCompletion } from "#providers/openai/request.ts";
import { channelTypeOf } from "#providers/channel-types.ts";

const QUIRKS = { replaysReasoning: false, refusesStreamOptions: false };

function aRequest(members: Partial<ChatRequest>): ChatRequest {
  return {
    model: "gpt-4o",
    system: [],
    messages: [{ role: "user", parts: [{ kind: "text", text: "hi" }] }],
    tools: [],
    stopSequences: [],
    stream: false,
    ...members,
  };
}

suite("requests in OpenAI's words", () => {
  test("a plain chat holds nothing that was not asked for", () => {
    assert.deepEqual(writeChatCompletion(aRequest({}), QUIRKS), {
      model: "gpt-4o",
      messages: [{ role: "user", content: "hi" }],
    });
  });

  test("models that think get max_completion_tokens, others max_tokens", () => {
    const bound = (model: string): unknown => {
      const body = writeChatCompletion(aRequest({ model, outputTokensMax: 9 }), QUIRKS);
      return [body["max_tokens"], body["max_completion_tokens"]];
    };
    assert.deepEqual(bound("gpt-4o"), [9, undefined]);
    assert.deepEqual(bound("deepseek-chat"), [9, undefined]);
    assert.deepEqual(bound("o3-mini"), [undefined, 9]);
    assert.deepEqual(bound("gpt-5.1"), [undefined, 9]);
  });

  test("streams ask for usage unless the vendor refuses to be asked", () => {
    const options = (refusesStreamOptions: boolean): unknown =>
      writeChatCompletion(aRequest({ stream: true }), { ...QUIRKS, refusesStreamOptions })[
        "stream_options"
      ];
    assert.deepEqual(options(false), { include_usage: true });
    assert.equal(options(true), undefined);
  });

  test("images that a tool gave follow the tool messages as the user's", () => {
    const image = {
      kind: "image",
      source: { kind: "base64", mediaType: "image/png", data: "AA" },
    } as const;
    const results = [
      { toolCallId: "a", parts: [{ kind: "text", text: "1" } as const, image] },
      { toolCallId: "b", parts: [{ kind: "text", text: "2" } as const] },
    ];
    const body = writeChatCompletion(aRequest({ messages: [{ role: "tool", results }] }), QUIRKS);
    assert.deepEqual(body["messages"], [
      { role: "tool", tool_call_id: "a", content: "1" },
      { role: "tool", tool_call_id: "b", content: "2" },
      {
        role: "user",
        content: [{ type: "image_url", image_url: { url: "data:image/png;base64,AA" } }],
      },
    ]);
  });

  test("earlier reasoning goes only to vendors that want it back", () => {
    const messages = [
      {
        role: "assistant",
        parts: [
          { kind: "thinking", text: "hm", signature: "s" },
          { kind: "tool-call", id: "a", name: "f", arguments: "" },
        ],
      },
    ] as const;
    const sentBy = (type: number): JsonObject => {
      const chat = channelTypeOf(type)?.provider?.chat;
      const channel = { type, baseUrl: "https://x.example", credential: "k", config: {} };
      const body: unknown = JSON.parse(String(chat?.request(aRequest({ messages }), channel).body));
      assert(isJsonObject(body) && Array.isArray(body["messages"]));
      const [message]: readonly unknown[] = body["messages"];
      assert(isJsonObject(message));
      return message;
    };
    assert.equal(sentBy(36)["reasoning_content"], "hm");
    assert.deepEqual(sentBy(1), {
      role: "assistant",
      content: null,
      tool_calls: [{ id: "a", type: "function", function: { name: "f", arguments: "{}" } }],
    });
  });

  test("documents by URL are the caller's fault", () => {
    const document = {
      kind: "document",
      source: { kind: "url", url: "https://x.example/a.pdf" },
    } as const;
    assert.throws(
      () =>
        writeChatCompletion(aRequest({ messages: [{ role: "user", parts: [document] }] }), QUIRKS),
      { reason: "UNSUPPORTED_PARAMETER", owner: "caller" },
    );
  });
});
