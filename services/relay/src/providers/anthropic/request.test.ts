import assert from "node:assert/strict";
import { suite, test } from "node:test";

import type { ChatRequest } from "#conversation/chat-request.ts";
import { writeMessagesCall } from "#providers/anthropic/request.ts";

function aRequest(members: Partial<ChatRequest>): ChatRequest {
  return {
    model: "claude-sonnet-4-5",
    system: [],
    messages: [{ role: "user", parts: [{ kind: "text", text: "hi" }] }],
    tools: [],
    stopSequences: [],
    stream: false,
    ...members,
  };
}

const TOOL = { name: "f", parameters: { type: "object", $defs: { a: {} } } };

suite("requests in Anthropic's words", () => {
  test("max_tokens is always there, from the caller or from the model", () => {
    assert.equal(writeMessagesCall(aRequest({ outputTokensMax: 7 }))["max_tokens"], 7);
    assert.equal(writeMessagesCall(aRequest({}))["max_tokens"], 8192);
    assert.equal(
      writeMessagesCall(aRequest({ model: "claude-3-haiku-20240307" }))["max_tokens"],
      4096,
    );
  });

  test("tool results and the user's words after them are one turn, results first", () => {
    const body = writeMessagesCall(
      aRequest({
        messages: [
          { role: "user", parts: [{ kind: "text", text: "go" }] },
          {
            role: "assistant",
            parts: [
              { kind: "text", text: " " },
              { kind: "tool-call", id: "call:1", name: "f", arguments: '{"a":1}' },
              { kind: "tool-call", id: "b", name: "g", arguments: "oops" },
            ],
          },
          {
            role: "tool",
            results: [
              { toolCallId: "call:1", parts: [{ kind: "text", text: "one" }], isError: true },
              { toolCallId: "b", parts: [{ kind: "text", text: "" }] },
            ],
          },
          { role: "user", parts: [{ kind: "text", text: "and?" }] },
        ],
      }),
    );
    assert.deepEqual(body["messages"], [
      { role: "user", content: [{ type: "text", text: "go" }] },
      {
        role: "assistant",
        content: [
          { type: "tool_use", id: "call_1", name: "f", input: { a: 1 } },
          { type: "tool_use", id: "b", name: "g", input: { arguments: "oops" } },
        ],
      },
      {
        role: "user",
        content: [
          {
            type: "tool_result",
            tool_use_id: "call_1",
            content: [{ type: "text", text: "one" }],
            is_error: true,
          },
          { type: "tool_result", tool_use_id: "b" },
          { type: "text", text: "and?" },
        ],
      },
    ]);
  });

  test("cache marks stay where they are", () => {
    const body = writeMessagesCall(
      aRequest({
        system: [{ kind: "text", text: "long", cache: { ttl: "1h" } }],
        tools: [{ ...TOOL, cache: { ttl: "5m" } }],
      }),
    );
    assert.deepEqual(body["system"], [
      { type: "text", text: "long", cache_control: { type: "ephemeral", ttl: "1h" } },
    ]);
    assert.deepEqual(body["tools"], [
      { name: "f", input_schema: TOOL.parameters, cache_control: { type: "ephemeral" } },
    ]);
  });

  test("which tool is to be called is said in the words that the model takes", () => {
    const choice = (members: Partial<ChatRequest>): unknown =>
      writeMessagesCall(aRequest({ tools: [TOOL], ...members }))["tool_choice"];
    assert.equal(choice({}), undefined);
    assert.deepEqual(choice({ toolChoice: { kind: "required" } }), { type: "any" });
    assert.deepEqual(choice({ toolChoice: { kind: "none" }, parallelToolCalls: false }), {
      type: "none",
    });
    assert.deepEqual(choice({ parallelToolCalls: false }), {
      type: "auto",
      disable_parallel_tool_use: true,
    });
    assert.deepEqual(choice({ toolChoice: { kind: "tool", name: "f" } }), {
      type: "tool",
      name: "f",
    });
    assert.deepEqual(
      choice({ model: "claude-opus-5-5", toolChoice: { kind: "tool", name: "f" } }),
      { type: "auto" },
    );
  });

  test("a thinking budget lies within max_tokens, or the call does not think", () => {
    const thinking = (outputTokensMax: number, budgetTokens: number): unknown =>
      writeMessagesCall(aRequest({ outputTokensMax, reasoning: { budgetTokens } }))["thinking"];
    assert.deepEqual(thinking(8000, 2000), { type: "enabled", budget_tokens: 2000 });
    assert.deepEqual(thinking(2000, 8000), { type: "enabled", budget_tokens: 1999 });
    assert.equal(thinking(900, 8000), undefined);
  });

  test("a call that thinks by budget sends no sampling parameters", () => {
    const body = writeMessagesCall(
      aRequest({ temperature: 0.3, topK: 5, reasoning: { effort: "low" }, outputTokensMax: 9000 }),
    );
    assert.deepEqual([body["temperature"], body["top_k"]], [undefined, undefined]);
  });

  test("newer models think adaptively and take no sampling parameters", () => {
    const body = writeMessagesCall(
      aRequest({ model: "claude-opus-5", temperature: 1, reasoning: { effort: "minimal" } }),
    );
    assert.deepEqual(body["thinking"], { type: "adaptive" });
    assert.deepEqual(body["output_config"], { effort: "low" });
    assert.equal(body["temperature"], undefined);
  });

  test("a tool loop whose thinking was lost goes on without thinking", () => {
    const body = writeMessagesCall(
      aRequest({
        reasoning: { effort: "low" },
        outputTokensMax: 9000,
        messages: [
          {
            role: "assistant",
            parts: [
              { kind: "thinking", text: "unsigned" },
              { kind: "tool-call", id: "a", name: "f", arguments: "{}" },
            ],
          },
          { role: "tool", results: [{ toolCallId: "a", parts: [] }] },
        ],
      }),
    );
    assert.equal(body["thinking"], undefined);
    assert.doesNotMatch(JSON.stringify(body), /unsigned/u);
  });

  test("temperature is brought into range, and not sent together with top_p", () => {
    const body = writeMessagesCall(aRequest({ temperature: 1.7, topP: 0.5 }));
    assert.deepEqual([body["temperature"], body["top_p"]], [1, undefined]);
  });

  test("a schema is a format where the model knows one, else an instruction", () => {
    const responseFormat = { kind: "json-schema", name: "x", schema: { type: "object" } } as const;
    const newer = writeMessagesCall(aRequest({ responseFormat }));
    assert.deepEqual(newer["output_config"], {
      format: { type: "json_schema", schema: { type: "object" } },
    });
    const older = writeMessagesCall(aRequest({ model: "claude-3-5-haiku-latest", responseFormat }));
    assert.match(String(older["system"]), /\{"type":"object"\}/u);
  });

  test("audio is the caller's fault", () => {
    const audio = { kind: "audio", data: "AA", format: "wav" } as const;
    assert.throws(
      () => writeMessagesCall(aRequest({ messages: [{ role: "user", parts: [audio] }] })),
      { reason: "UNSUPPORTED_PARAMETER", owner: "caller" },
    );
  });
});
