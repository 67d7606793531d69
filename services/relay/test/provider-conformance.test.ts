import assert from "node:assert/strict";
import { suite, test } from "node:test";

import type { ChatReply } from "#conversation/chat-reply.ts";
import type { ChatEvent } from "#conversation/chat-event.ts";
import { findEventDisorder } from "#conversation/event-order.ts";
import { foldEvents } from "#conversation/fold-events.ts";
import { channelTypes } from "#providers/channel-types.ts";
import type { ChannelTarget } from "#providers/provider.ts";

import {
  answerFixtures,
  failingStreamFixtures,
  failureFixtures,
  parseEvents,
  readCanonical,
  readNative,
} from "./conformance-fixtures.ts";

/** Arguments may be spaced differently in pieces than as a whole. */
function normalized(reply: ChatReply): ChatReply {
  const parts = reply.parts.map((part) =>
    part.kind === "tool-call"
      ? { ...part, arguments: JSON.stringify(JSON.parse(part.arguments)) }
      : part,
  );
  return { ...reply, parts };
}

function deliveredBytes(events: readonly ChatEvent[]): number {
  return events.reduce((sum, event) => {
    const text = "text" in event ? event.text : "argumentsText" in event ? event.argumentsText : "";
    return sum + Buffer.byteLength(text);
  }, 0);
}

for (const fixture of answerFixtures()) {
  suite(fixture.name, () => {
    const events = parseEvents([fixture.sse]);
    const canonical = readCanonical(fixture.chat, events);
    const facts = readNative(fixture.native, events);

    test("streamed and whole are the same reply", () => {
      const whole = fixture.chat.readReply(fixture.whole);
      assert.equal(whole.fault, undefined);
      assert.deepEqual(normalized(foldEvents(canonical)), normalized(whole));
    });

    test("the events are in order", () => {
      assert.equal(findEventDisorder(canonical), undefined);
    });

    test("usage is found where it is reported, by every reader", () => {
      const reply = fixture.native.readReply(fixture.whole);
      assert.equal(reply.fault, undefined);
      assert.notEqual(reply.upstreamId, "");
      assert.deepEqual(reply.usage, fixture.usage);
      assert.deepEqual(foldEvents(canonical).usage, fixture.usage);
      assert.deepEqual(facts.findLast((fact) => fact.usage !== undefined)?.usage, fixture.usage);
      assert.equal(facts.filter((fact) => fact.usageOnly === true).length, fixture.usageOnlyEvents);
    });

    test("the native reader measures what is delivered and sees the end", () => {
      const bytes = facts.reduce((sum, fact) => sum + fact.contentBytes, 0);
      assert.equal(bytes, fixture.textBytes ?? deliveredBytes(canonical));
      assert.equal(
        facts.some((fact) => fact.terminal === true),
        !fixture.endsWithoutTerminal,
      );
      assert.equal(
        facts.some((fact) => fact.finished === true),
        true,
      );
      assert.equal(
        facts.find((fact) => fact.fault !== undefined),
        undefined,
      );
      assert.equal(
        facts.find((fact) => fact.upstreamId !== undefined)?.upstreamId,
        fixture.chat.readReply(fixture.whole).id,
      );
    });

    test("the output text holds every text of the reply", () => {
      const text = fixture.native.readReply(fixture.whole).outputText();
      for (const part of fixture.chat.readReply(fixture.whole).parts) {
        assert.ok(!("text" in part) || text.includes(part.text));
      }
    });

    test("it does not matter where the bytes are cut", () => {
      for (let at = 1; at < fixture.sse.length; at += 1) {
        const pieces = [fixture.sse.subarray(0, at), fixture.sse.subarray(at)];
        assert.deepEqual(parseEvents(pieces), events, `cut at byte ${at}`);
      }
      const single = Array.from(fixture.sse, (_, at) => fixture.sse.subarray(at, at + 1));
      assert.deepEqual(parseEvents(single), events);
    });

    test("a stream that is cut before its end fails", () => {
      const end = facts.findIndex((fact) => fact.finished === true);
      for (let length = 0; length < end; length += 1) {
        const cut = readCanonical(fixture.chat, events.slice(0, length));
        assert.equal(cut.at(-1)?.kind, "reply-failed", `cut after ${length} events`);
        assert.equal(findEventDisorder(cut), undefined);
      }
    });
  });
}

suite("answers that fail", () => {
  for (const { name, provider, native, reply, kind, reason, stated } of failureFixtures()) {
    test(name, () => {
      const isOk = reply.status < 300;
      const fault = isOk
        ? native.readReply(JSON.parse(reply.body)).fault
        : provider.readFailure(reply);
      assert(fault !== undefined);
      assert.deepEqual({ kind: fault.kind, reason: fault.reason }, { kind, reason });
      assert.equal(fault.status, reply.status);
      assert.notEqual(fault.message, "");
      assert.ok(fault.message.length <= 500);
      assert.doesNotMatch(JSON.stringify(fault), /fixture0123456789/u);
      assert.doesNotMatch(fault.message, /<html>/u);
      assert.deepEqual({ ...fault, ...stated }, fault);
      const canonical = isOk ? provider.chat?.readReply(JSON.parse(reply.body)).fault : fault;
      assert.deepEqual(canonical, fault);
    });
  }
});

suite("streams that fail", () => {
  for (const { name, chat, native, sse, kind, reason } of failingStreamFixtures()) {
    test(name, () => {
      const events = parseEvents([sse]);
      const canonical = readCanonical(chat, events);
      const last = canonical.at(-1);
      assert(last?.kind === "reply-failed");
      assert.deepEqual([last.fault.kind, last.fault.reason], [kind, reason]);
      assert.equal(findEventDisorder(canonical), undefined);
      const fault = readNative(native, events).find((fact) => fact.fault !== undefined)?.fault;
      assert.deepEqual([fault?.kind, fault?.reason], [kind, reason]);
    });
  }
});

suite("channel types", () => {
  test("all of One API's numbers are there once, in order", () => {
    const ids = channelTypes.map((type) => type.id);
    assert.deepEqual(ids, [...Array.from({ length: 51 }, (_, index) => index + 1), 1000]);
    assert.equal(new Set(channelTypes.map((type) => type.name)).size, ids.length);
  });

  for (const type of channelTypes.filter(({ provider }) => provider !== undefined)) {
    test(`${type.name}: calls have a valid URL and the credential in one header only`, () => {
      const channel: ChannelTarget = {
        type: type.id,
        baseUrl: type.baseUrl === "" ? "https://upstream.example" : type.baseUrl,
        credential: "the-credential",
        config: { user_id: "account" },
      };
      const call = { upstreamModel: "model", stream: true, clientHeaders: {} };
      const heads = Object.values(type.provider?.native ?? {}).map((native) =>
        native.head(channel, call),
      );
      const models = type.provider?.models?.request(channel);
      assert.ok(heads.length > 0);
      assert.doesNotMatch(type.baseUrl, /\/$/u);
      for (const head of [...heads, ...(models === undefined ? [] : [models])]) {
        assert.match(head.url, /^(?:https?:\/\/[^/]+|demo:)\/[^ ]+$/u);
        assert.doesNotMatch(head.url, /the-credential|undefined/u);
        const carriers = Object.values(head.headers).filter((value) =>
          value.includes("the-credential"),
        );
        assert.equal(carriers.length, 1);
        assert.deepEqual(
          Object.keys(head.headers),
          Object.keys(head.headers).map((name) => name.toLowerCase()),
        );
      }
    });
  }
});
