import assert from "node:assert/strict";
import { suite, test } from "node:test";

import { findEventDisorder } from "#conversation/event-order.ts";
import { foldEvents } from "#conversation/fold-events.ts";
import type { ChatReply } from "#conversation/chat-reply.ts";
import type { AssistantPart } from "#conversation/chat-request.ts";
import { completionTokensOf, promptTokensOf } from "#conversation/token-usage.ts";
import { anthropic } from "#providers/anthropic/index.ts";
import { openai } from "#providers/openai/index.ts";
import type { Provider } from "#providers/provider.ts";
import { anthropicMessages } from "#surfaces/anthropic-messages/index.ts";
import { openAiChat } from "#surfaces/openai-chat/index.ts";
import { surfaces } from "#surfaces/registry.ts";
import type { RenderContext, Surface } from "#surfaces/surface.ts";

import { answerFixtures, parseEvents, readCanonical, readNative } from "./conformance-fixtures.ts";

const CONTEXT: RenderContext = {
  requestId: "request-1",
  model: "public-model",
  nowSeconds: 1_700_000_000,
  wantsStreamUsage: true,
};

/** A surface's renderings are read back by the provider that speaks the same dialect. */
const PAIRS: readonly (readonly [Surface, Provider])[] = [
  [openAiChat, openai],
  [anthropicMessages, anthropic],
];

/** What every surface can say: the order of parts and what only one dialect knows may differ. */
function essence(reply: ChatReply): unknown {
  const texts = (kind: AssistantPart["kind"]): string =>
    reply.parts.map((part) => (part.kind === kind && "text" in part ? part.text : "")).join("");
  return {
    text: texts("text") + texts("refusal"),
    thinking: texts("thinking"),
    calls: reply.parts.flatMap((part) =>
      part.kind === "tool-call" ? [[part.id, part.name, JSON.parse(part.arguments)]] : [],
    ),
    stop: reply.stopReason.kind === "stop-sequence" ? "end" : reply.stopReason.kind,
    prompt: reply.usage && promptTokensOf(reply.usage),
    completion: reply.usage && completionTokensOf(reply.usage),
    cached: reply.usage?.cacheReadTokens,
  };
}

for (const fixture of answerFixtures()) {
  for (const [surface, provider] of PAIRS) {
    suite(`${fixture.name} over ${surface.name}`, () => {
      const { chat } = surface;
      const native = provider.native[surface.dialect];
      assert(chat !== undefined && provider.chat !== undefined && native !== undefined);
      const reader = provider.chat;
      const events = readCanonical(fixture.chat, parseEvents([fixture.sse]));
      const reply = fixture.chat.readReply(fixture.whole);
      // Where the upstream counted nothing, Anthropic's dialect says zero: it has no word for silence.
      const comparable = (got: ChatReply): unknown =>
        essence(reply.usage === undefined ? withoutUsage(got) : got);

      test("the whole reply says the same", () => {
        const body: unknown = JSON.parse(chat.renderReply(reply, CONTEXT));
        const read = reader.readReply(body);
        assert.equal(read.fault, undefined);
        assert.equal(read.model, CONTEXT.model);
        assert.deepEqual(comparable(read), essence(reply));
      });

      test("the stream says the same, in order, with usage and an end", () => {
        const renderer = chat.openStream(CONTEXT);
        const rendered = events.map((event) => renderer.render(event)).join("");
        const sent = parseEvents([Buffer.from(rendered)]);
        const read = readCanonical(reader, sent);
        assert.equal(findEventDisorder(read), undefined);
        assert.deepEqual(comparable(foldEvents(read)), essence(reply));
        const facts = readNative(native, sent);
        assert.equal(facts.at(-1)?.terminal, true);
      });
    });
  }
}

function withoutUsage(reply: ChatReply): ChatReply {
  const { id, model, parts, stopReason } = reply;
  return { id, model, parts, stopReason };
}

suite("problems", () => {
  for (const surface of surfaces) {
    test(`${surface.name}: an error body is JSON and names the request`, () => {
      const problem = {
        status: 429,
        message: "Too many calls.",
        type: "one_api_error",
        code: "rate_limit_exceeded",
        param: null,
        requestId: "request-1",
      };
      const body = surface.problem.body(problem);
      assert.match(body, /request-1/u);
      assert.match(body, /Too many calls\./u);
      const [event] = parseEvents([Buffer.from(surface.problem.streamEvent(problem))]);
      assert.equal(event?.[1], body);
      const provider = PAIRS.find(([known]) => known.problem === surface.problem)?.[1];
      const read = provider?.readFailure({ status: 429, headers: {}, body });
      assert.equal(read?.kind, "rate-limit");
      assert.ok(read?.message.startsWith("Too many calls."));
    });
  }

  test("a message gets the request id once", () => {
    const problem = {
      status: 400,
      message: "No. (request id: r)",
      type: "one_api_error",
      code: null,
      param: "",
      requestId: "r",
    };
    assert.equal(
      openAiChat.problem.body(problem),
      '{"error":{"message":"No. (request id: r)","type":"one_api_error","param":"","code":null}}',
    );
  });
});
