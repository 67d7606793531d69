import assert from "node:assert/strict";
import { suite, test } from "node:test";

import { isFault } from "@tollgate/kit/fault/fault";
import type { ChatRequest, UserPart } from "#conversation/chat-request.ts";
import { channelTypes } from "#providers/channel-types.ts";
import type { ChannelTarget, ChatDialect, UpstreamHead } from "#providers/provider.ts";

const CREDENTIAL = "the-credential";

/** A chat with everything that a dialect of chats has a word for. */
const CHAT: ChatRequest = {
  model: "the-model",
  system: [
    { kind: "text", text: "first instruction" },
    { kind: "text", text: "second instruction" },
  ],
  messages: [
    { role: "user", parts: [{ kind: "text", text: "the question" }] },
    {
      role: "assistant",
      parts: [
        { kind: "text", text: "the plan" },
        { kind: "tool-call", id: "call_1", name: "look_up", arguments: '{"place":"Oslo"}' },
      ],
    },
    {
      role: "tool",
      results: [{ toolCallId: "call_1", parts: [{ kind: "text", text: "the result" }] }],
    },
    { role: "user", parts: [{ kind: "text", text: "the next question" }] },
  ],
  tools: [
    {
      name: "look_up",
      description: "the description",
      parameters: { type: "object", properties: { place: { type: "string" } } },
    },
  ],
  outputTokensMax: 4321,
  stopSequences: ["the stop"],
  stream: false,
};

/** All that the model must get to see of it. */
const WORDS = [
  "first instruction",
  "second instruction",
  "the question",
  "the plan",
  "call_1",
  "look_up",
  "Oslo",
  "the result",
  "the next question",
  "the description",
  "place",
  "4321",
  "the stop",
];

const ATTACHMENTS: readonly (readonly [name: string, part: UserPart, content: string])[] = [
  [
    "an image as data",
    { kind: "image", source: { kind: "base64", mediaType: "image/png", data: "aW1hZ2U=" } },
    "aW1hZ2U=",
  ],
  [
    "an image by URL",
    { kind: "image", source: { kind: "url", url: "https://img.example/a.png" } },
    "https://img.example/a.png",
  ],
  ["audio", { kind: "audio", data: "YXVkaW8=", format: "wav" }, "YXVkaW8="],
  [
    "a document as data",
    {
      kind: "document",
      source: { kind: "base64", mediaType: "application/pdf", data: "ZG9jdW1lbnQ=" },
    },
    "ZG9jdW1lbnQ=",
  ],
  [
    "a document by URL",
    { kind: "document", source: { kind: "url", url: "https://doc.example/a.pdf" } },
    "https://doc.example/a.pdf",
  ],
];

function assertHead(head: UpstreamHead): void {
  assert.match(head.url, /^(?:https?:\/\/[^/]+|demo:)\/[^ ]+$/u);
  assert.doesNotMatch(head.url, /the-credential|undefined/u);
  const names = Object.keys(head.headers);
  const carriers = Object.values(head.headers).filter((value) => value.includes(CREDENTIAL));
  assert.equal(carriers.length, 1);
  assert.deepEqual(
    names,
    names.map((name) => name.toLowerCase()),
  );
}

/** The body as text. */
function wordsSent(chat: ChatDialect, request: ChatRequest, channel: ChannelTarget): string {
  const { body } = chat.request(request, channel);
  const text = Buffer.from(body).toString();
  assert.equal(typeof JSON.parse(text), "object");
  assert.doesNotMatch(text, /the-credential|undefined/u);
  return text;
}

for (const type of channelTypes.filter(({ provider }) => provider !== undefined)) {
  const { native = {}, chat, models } = type.provider ?? {};
  const channel: ChannelTarget = {
    type: type.id,
    baseUrl: type.baseUrl === "" ? "https://upstream.example" : type.baseUrl,
    credential: CREDENTIAL,
    config: { user_id: "account" },
  };

  suite(`requests to ${type.name}`, () => {
    test("all have a valid URL and the credential in one header only", () => {
      const call = { upstreamModel: "model", stream: true, clientHeaders: {} };
      const heads: readonly UpstreamHead[] = [
        ...Object.values(native).map((dialect) => dialect.head(channel, call)),
        ...(chat === undefined ? [] : [chat.request(CHAT, channel)]),
      ];
      assert.ok(heads.length > 0);
      for (const head of [...heads, ...(models === undefined ? [] : [models.request(channel)])]) {
        assertHead(head);
      }
    });

    if (chat === undefined) {
      return;
    }

    test("a chat loses none of its words", () => {
      const { url } = chat.request(CHAT, channel);
      const text = wordsSent(chat, CHAT, channel);
      assert.ok((url + text).includes(CHAT.model));
      for (const word of WORDS) {
        assert.ok(text.includes(word), word);
      }
    });

    test("a stream is asked for where the caller asks for one", () => {
      const whole = chat.request(CHAT, channel);
      const streamed = chat.request({ ...CHAT, stream: true }, channel);
      assert.notDeepEqual([streamed.url, streamed.body], [whole.url, whole.body]);
    });

    for (const [name, part, content] of ATTACHMENTS) {
      test(`${name} is sent or refused, never dropped`, () => {
        const request: ChatRequest = { ...CHAT, messages: [{ role: "user", parts: [part] }] };
        try {
          assert.ok(wordsSent(chat, request, channel).includes(content));
        } catch (error) {
          assert.ok(isFault(error, "UNSUPPORTED_PARAMETER"), String(error));
        }
      });
    }
  });
}

suite("channel types", () => {
  test("One API's numbers are all there, others start at 1000, and none is there twice", () => {
    const ids = channelTypes.map((type) => type.id);
    const oneApi = Array.from({ length: 51 }, (_, index) => index + 1);
    assert.deepEqual(
      ids.filter((id) => id < 1000),
      oneApi,
    );
    assert.deepEqual(
      ids,
      [...new Set(ids)].sort((left, right) => left - right),
    );
    assert.equal(new Set(channelTypes.map((type) => type.name)).size, ids.length);
  });

  test("base URLs have no slash at their end", () => {
    for (const type of channelTypes) {
      assert.doesNotMatch(type.baseUrl, /\/$/u, type.name);
    }
  });
});
