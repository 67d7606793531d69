import assert from "node:assert/strict";
import { suite, test } from "node:test";

import type { ChatRequest } from "#conversation/chat-request.ts";
import { anthropic } from "#providers/anthropic/index.ts";
import { openai } from "#providers/openai/index.ts";
import type { Provider } from "#providers/provider.ts";
import { anthropicMessages } from "#surfaces/anthropic-messages/index.ts";
import { openAiChat } from "#surfaces/openai-chat/index.ts";
import type { Surface } from "#surfaces/surface.ts";

const CHANNEL = { type: 1, baseUrl: "https://x.example", credential: "k", config: {} };

function parse(surface: Surface, body: unknown): ChatRequest {
  assert(surface.chat !== undefined);
  return surface.chat.parse(body);
}

function sent(provider: Provider, request: ChatRequest): unknown {
  assert(provider.chat !== undefined);
  return JSON.parse(String(provider.chat.request(request, CHANNEL).body));
}

const OPENAI_BODY = {
  model: "claude-sonnet-4-5",
  messages: [
    { role: "system", content: "Be brief." },
    {
      role: "user",
      content: [
        { type: "text", text: "What is this?" },
        { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0=" } },
        { type: "image_url", image_url: { url: "https://img.example/a.png" } },
        {
          type: "file",
          file: { filename: "a.pdf", file_data: "data:application/pdf;base64,JVBE" },
        },
      ],
    },
    {
      role: "assistant",
      content: "Let me look.",
      tool_calls: [
        { id: "call_1", type: "function", function: { name: "look", arguments: '{"at":"é"}' } },
        { id: "call_2", type: "function", function: { name: "now", arguments: "{}" } },
      ],
    },
    { role: "tool", tool_call_id: "call_1", content: "a lemon" },
    { role: "tool", tool_call_id: "call_2", content: "noon" },
    { role: "user", content: "So?" },
  ],
  tools: [
    {
      type: "function",
      function: {
        name: "look",
        description: "Looks.",
        parameters: { type: "object", properties: { at: { $ref: "#/$defs/a" } }, $defs: { a: {} } },
        strict: true,
      },
    },
    { type: "function", function: { name: "now", parameters: { type: "object", properties: {} } } },
  ],
  tool_choice: { type: "function", function: { name: "look" } },
  parallel_tool_calls: false,
  max_tokens: 300,
  temperature: 0.5,
  stop: ["###"],
  user: "u-1",
  stream: true,
};

suite("a chat through both dialects", () => {
  const request = parse(openAiChat, OPENAI_BODY);

  test("OpenAI to OpenAI keeps the request", () => {
    const { stream_options: options, ...body } = Object(sent(openai, request));
    assert.deepEqual(options, { include_usage: true });
    assert.deepEqual(body, OPENAI_BODY);
  });

  test("OpenAI to Anthropic says it in Anthropic's words", () => {
    assert.deepEqual(sent(anthropic, request), {
      model: "claude-sonnet-4-5",
      max_tokens: 300,
      system: "Be brief.",
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            {
              type: "image",
              source: { type: "base64", media_type: "image/png", data: "iVBORw0=" },
            },
            { type: "image", source: { type: "url", url: "https://img.example/a.png" } },
            {
              type: "document",
              source: { type: "base64", media_type: "application/pdf", data: "JVBE" },
              title: "a.pdf",
            },
          ],
        },
        {
          role: "assistant",
          content: [
            { type: "text", text: "Let me look." },
            { type: "tool_use", id: "call_1", name: "look", input: { at: "é" } },
            { type: "tool_use", id: "call_2", name: "now", input: {} },
          ],
        },
        {
          role: "user",
          content: [
            {
              type: "tool_result",
              tool_use_id: "call_1",
              content: [{ type: "text", text: "a lemon" }],
            },
            {
              type: "tool_result",
              tool_use_id: "call_2",
              content: [{ type: "text", text: "noon" }],
            },
            { type: "text", text: "So?" },
          ],
        },
      ],
      temperature: 0.5,
      stop_sequences: ["###"],
      tools: [
        {
          name: "look",
          description: "Looks.",
          input_schema: OPENAI_BODY.tools[0]?.function.parameters,
          strict: true,
        },
        { name: "now", input_schema: { type: "object", properties: {} } },
      ],
      tool_choice: { type: "tool", name: "look", disable_parallel_tool_use: true },
      metadata: { user_id: "u-1" },
      stream: true,
    });
  });

  test("OpenAI to Anthropic and back is the same canonical request", () => {
    const back = parse(anthropicMessages, sent(anthropic, request));
    assert.deepEqual(back, request);
    assert.deepEqual(parse(openAiChat, sent(openai, back)), request);
  });

  test("Anthropic to Anthropic keeps thinking, cache marks and errors of tools", () => {
    const body = {
      model: "claude-sonnet-4-5",
      max_tokens: 9000,
      system: [
        { type: "text", text: "One." },
        { type: "text", text: "Two.", cache_control: { type: "ephemeral", ttl: "1h" } },
      ],
      messages: [
        {
          role: "user",
          content: [{ type: "text", text: "Go.", cache_control: { type: "ephemeral" } }],
        },
        {
          role: "assistant",
          content: [
            { type: "thinking", thinking: "hm", signature: "c2ln" },
            { type: "redacted_thinking", data: "cmVk" },
            { type: "tool_use", id: "toolu_1", name: "f", input: {} },
          ],
        },
        {
          role: "user",
          content: [{ type: "tool_result", tool_use_id: "toolu_1", is_error: true }],
        },
      ],
      tools: [{ name: "f", input_schema: { type: "object", properties: {} } }],
      tool_choice: { type: "auto" },
      thinking: { type: "enabled", budget_tokens: 4000 },
    };
    assert.deepEqual(sent(anthropic, parse(anthropicMessages, body)), body);
  });

  test("documents of plain text cross in both directions", () => {
    const body = {
      model: "m",
      max_tokens: 10,
      messages: [
        {
          role: "user",
          content: [
            { type: "document", source: { type: "text", media_type: "text/plain", data: "é" } },
          ],
        },
      ],
    };
    const request = parse(anthropicMessages, body);
    assert.deepEqual(sent(anthropic, request), body);
    assert.deepEqual(Object(sent(openai, request)).messages, [
      { role: "user", content: [{ type: "text", text: "é" }] },
    ]);
  });
});

suite("what cannot be translated is the caller's fault", () => {
  const chat = { model: "m", messages: [{ role: "user", content: "x" }] };
  const refused: readonly (readonly [Surface, object])[] = [
    [openAiChat, { ...chat, n: 2 }],
    [openAiChat, { ...chat, logprobs: true }],
    [openAiChat, { ...chat, modalities: ["text", "audio"] }],
    [openAiChat, { ...chat, functions: [] }],
    [openAiChat, { ...chat, tools: [{ type: "custom", custom: { name: "x" } }] }],
    [openAiChat, { ...chat, tool_choice: "sometimes" }],
    [openAiChat, { ...chat, reasoning_effort: "huge" }],
    [openAiChat, { ...chat, response_format: { type: "json_schema" } }],
    [openAiChat, { ...chat, stop: [1] }],
    [openAiChat, { ...chat, temperature: "hot" }],
    [openAiChat, { ...chat, messages: [{ role: "narrator", content: "x" }] }],
    [openAiChat, { ...chat, messages: [{ role: "user", content: [{ type: "smell" }] }] }],
    [openAiChat, { ...chat, messages: [{ role: "user", content: 5 }] }],
    [openAiChat, { ...chat, messages: [{ role: "tool", content: "x" }] }],
    [
      openAiChat,
      {
        ...chat,
        messages: [
          {
            role: "user",
            content: [{ type: "image_url", image_url: { url: "file:///etc/passwd" } }],
          },
        ],
      },
    ],
    [anthropicMessages, { ...chat, max_tokens: 1, mcp_servers: [{}] }],
    [
      anthropicMessages,
      { ...chat, max_tokens: 1, tools: [{ type: "bash_20250124", name: "bash" }] },
    ],
    [anthropicMessages, { ...chat, max_tokens: 1, tool_choice: { type: "some" } }],
    [anthropicMessages, { ...chat, max_tokens: 1, thinking: { type: "enabled" } }],
    [
      anthropicMessages,
      {
        ...chat,
        max_tokens: 1,
        messages: [{ role: "assistant", content: [{ type: "server_tool_use" }] }],
      },
    ],
  ];
  for (const [surface, body] of refused) {
    test(`${surface.name}: ${JSON.stringify(body).slice(0, 120)}`, () => {
      assert.throws(() => parse(surface, body), { reason: "INVALID_REQUEST", owner: "caller" });
    });
  }

  test("wishes that change nothing of the answer's shape are left out", () => {
    const request = parse(openAiChat, {
      ...chat,
      store: true,
      metadata: { a: "b" },
      service_tier: "flex",
      logprobs: false,
      n: 1,
    });
    assert.deepEqual(sent(anthropic, request), {
      model: "m",
      max_tokens: 8192,
      messages: [{ role: "user", content: [{ type: "text", text: "x" }] }],
    });
  });
});
