import assert from "node:assert/strict";
import { suite, test } from "node:test";

import type { ChatReply } from "#conversation/chat-reply.ts";
import type { ChatEvent } from "#conversation/chat-event.ts";
import { findEventDisorder } from "#conversation/event-order.ts";
import { foldEvents } from "#conversation/fold-events.ts";
import type { NativeDialect } from "#providers/provider.ts";

import {
  answerFixtures,
  failingStreamFixtures,
  failureFixtures,
  parseEvents,
  readCanonical,
  readNative,
} from "./conformance-fixtures.ts";
import type { AnswerFixture, PlainEvent } from "./conformance-fixtures.ts";

/** Arguments may be spaced differently in pieces than as a whole. */
function normalized(reply: ChatReply): ChatReply {
  const parts = reply.parts.map((part) =>
    part.kind === "tool-call"
      ? { ...part, arguments: JSON.stringify(JSON.parse(part.arguments)) }
      : part,
  );
  return { ...reply, parts };
}

function withoutUsage(reply: ChatReply): unknown {
  return { ...normalized(reply), usage: undefined };
}

function deliveredBytes(events: readonly ChatEvent[]): number {
  return events.reduce((sum, event) => {
    const text = "text" in event ? event.text : "argumentsText" in event ? event.argumentsText : "";
    return sum + Buffer.byteLength(text);
  }, 0);
}

for (const fixture of answerFixtures()) {
  const { chat, native, whole } = fixture;
  const events = parseEvents([fixture.sse]);
  const canonical = readCanonical(chat, events);

  suite(fixture.name, () => {
    test("streamed and whole are the same reply", () => {
      assert.equal(chat.readReply(whole).fault, undefined);
      assert.deepEqual(normalized(foldEvents(canonical)), normalized(chat.readReply(whole)));
    });

    test("the events are in order", () => {
      assert.equal(findEventDisorder(canonical), undefined);
    });

    test("usage and the upstream's id are found where they are reported", () => {
      assert.deepEqual(chat.readReply(whole).usage, fixture.usage);
      assert.deepEqual(foldEvents(canonical).usage, fixture.usage);
      assert.notEqual(chat.readReply(whole).id, "");
    });

    test("it does not matter where the bytes are cut", () => {
      for (let at = 1; at < fixture.sse.length; at += 1) {
        const pieces = [fixture.sse.subarray(0, at), fixture.sse.subarray(at)];
        assert.deepEqual(parseEvents(pieces), events, `cut at byte ${at}`);
      }
      const single = Array.from(fixture.sse, (_, at) => fixture.sse.subarray(at, at + 1));
      assert.deepEqual(parseEvents(single), events);
    });

    test("a stream that is cut fails, unless it lacks nothing but usage", () => {
      for (let length = 0; length < events.length; length += 1) {
        const cut = readCanonical(chat, events.slice(0, length));
        assert.equal(findEventDisorder(cut), undefined);
        if (cut.at(-1)?.kind !== "reply-failed") {
          const complete = withoutUsage(chat.readReply(whole));
          assert.deepEqual(withoutUsage(foldEvents(cut)), complete, `cut after ${length} events`);
        }
      }
    });
  });

  if (native !== undefined) {
    testNative({ ...fixture, native }, events, canonical);
  }
}

/** The reader that taps bytes which pass through finds what the canonical reader finds. */
function testNative(
  fixture: AnswerFixture & { readonly native: NativeDialect },
  events: readonly PlainEvent[],
  canonical: readonly ChatEvent[],
): void {
  const { chat, native } = fixture;
  const facts = readNative(native, events);

  suite(`${fixture.name}, passed through`, () => {
    test("usage is found where it is reported", () => {
      const reply = native.readReply(fixture.whole);
      assert.equal(reply.fault, undefined);
      assert.notEqual(reply.upstreamId, "");
      assert.deepEqual(reply.usage, fixture.usage);
      assert.deepEqual(facts.findLast((fact) => fact.usage !== undefined)?.usage, fixture.usage);
      assert.equal(facts.filter((fact) => fact.usageOnly === true).length, fixture.usageOnlyEvents);
    });

    test("what is delivered is measured, and the end is seen", () => {
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
        chat.readReply(fixture.whole).id,
      );
    });

    test("the output text holds every text of the reply", () => {
      const text = native.readReply(fixture.whole).outputText();
      for (const part of chat.readReply(fixture.whole).parts) {
        assert.ok(!("text" in part) || text.includes(part.text));
      }
    });

    test("a stream that is cut before its end fails", () => {
      const end = facts.findIndex((fact) => fact.finished === true);
      for (let length = 0; length < end; length += 1) {
        const cut = readCanonical(chat, events.slice(0, length));
        assert.equal(cut.at(-1)?.kind, "reply-failed", `cut after ${length} events`);
      }
    });
  });
}

suite("answers that fail", () => {
  for (const { name, provider, native, reply, kind, reason, stated } of failureFixtures()) {
    test(name, () => {
      const isOk = reply.status < 300;
      const fault = isOk
        ? provider.chat?.readReply(JSON.parse(reply.body)).fault
        : provider.readFailure(reply);
      assert(fault !== undefined);
      assert.deepEqual({ kind: fault.kind, reason: fault.reason }, { kind, reason });
      assert.equal(fault.status, reply.status);
      assert.notEqual(fault.message, "");
      assert.ok(fault.message.length <= 500);
      assert.doesNotMatch(JSON.stringify(fault), /fixture0123456789/u);
      assert.doesNotMatch(fault.message, /<html>/u);
      assert.deepEqual({ ...fault, ...stated }, fault);
      if (isOk && native !== undefined) {
        assert.deepEqual(native.readReply(JSON.parse(reply.body)).fault, fault);
      }
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
      if (native !== undefined) {
        const fault = readNative(native, events).find((fact) => fact.fault !== undefined)?.fault;
        assert.deepEqual([fault?.kind, fault?.reason], [kind, reason]);
      }
    });
  }
});
