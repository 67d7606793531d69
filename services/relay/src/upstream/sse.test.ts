import assert from "node:assert/strict";
import { suite, test } from "node:test";

import { createSseParser, SSE_EVENT_BYTES_MAX, SSE_LINE_BYTES_MAX } from "#upstream/sse.ts";

interface Parsed {
  readonly events: readonly (readonly [string, string])[];
  /** Everything that was told, events and silence, in order. */
  readonly bytes: Buffer;
}

function parse(text: string | Uint8Array, size = Number.MAX_SAFE_INTEGER): Parsed {
  const events: (readonly [string, string])[] = [];
  const told: Buffer[] = [];
  const parser = createSseParser({
    onEvent: ({ event, data, bytes, start, end }) => {
      events.push([event, data]);
      told.push(Buffer.from(bytes.subarray(start, end)));
    },
    onSilence: (bytes, start, end) => told.push(Buffer.from(bytes.subarray(start, end))),
  });
  const body = Buffer.from(text);
  for (let at = 0; at < body.length; at += size) {
    assert.equal(parser.push(Buffer.from(body.subarray(at, at + size))), undefined);
  }
  parser.end();
  return { events, bytes: Buffer.concat(told) };
}

suite("event streams", () => {
  test("lines end with LF, CRLF or CR, also mixed", () => {
    const { events } = parse(
      "data: a\n\ndata: b\r\n\r\ndata: c\r\rdata: d\r\n\ndata: e\r\rdata: f\n\n",
    );
    assert.deepEqual(
      events.map(([, data]) => data),
      ["a", "b", "c", "d", "e", "f"],
    );
  });

  test("data lines are joined, and lose one space only", () => {
    assert.deepEqual(parse("data:a\ndata:  b\ndata\n\n").events, [["", "a\n b\n"]]);
  });

  test("an event has the last name that was given, for itself only", () => {
    const { events } = parse("event: x\nevent:y\ndata: 1\n\ndata: 2\n\nevent: z\n\ndata: 3\n\n");
    assert.deepEqual(events, [
      ["y", "1"],
      ["", "2"],
      ["", "3"],
    ]);
  });

  test("comments, other fields and look-alikes say nothing", () => {
    const { events } = parse(": hi\n\nid: 1\nretry: 5\ndatabase: x\neventual: y\ndata: a\n\n");
    assert.deepEqual(events, [["", "a"]]);
  });

  test("a byte order mark is passed over at the start only", () => {
    assert.deepEqual(parse("\uFEFFdata: a\n\ndata: \uFEFFb\n\n").events, [
      ["", "a"],
      ["", "\uFEFFb"],
    ]);
    assert.deepEqual(parse("\uFEFFdata: a\n\n", 1).events, [["", "a"]]);
  });

  test("an event that lacks only its blank line is told at the end", () => {
    assert.deepEqual(parse("data: a\n\ndata: b").events, [
      ["", "a"],
      ["", "b"],
    ]);
  });

  test("it does not matter where the bytes are cut, and none is lost", () => {
    const text =
      "\uFEFF: c\r\n\r\nevent: é\rdata: 漢😀\rdata: x\r\rdata: [1]\n\r\ndata:\r\n\r\n\n\nid: 7\n\ndata: end\n\n";
    const whole = parse(text);
    assert.ok(whole.bytes.equals(Buffer.from(text)));
    for (let size = 1; size <= 40; size += 1) {
      const cut = parse(text, size);
      assert.deepEqual(cut.events, whole.events, `pieces of ${size}`);
      assert.ok(cut.bytes.equals(Buffer.from(text)), `pieces of ${size}`);
    }
  });

  test("events told from one push lie side by side in bytes that stay as they are", () => {
    const spans: { bytes: Uint8Array; start: number; end: number }[] = [];
    const parser = createSseParser({ onEvent: (event) => spans.push(event) });
    parser.push(Buffer.from("data: 1\n\ndata: 2\n\nda"));
    parser.push(Buffer.from("ta: 3\n\ndata: 4"));
    parser.push(Buffer.from("\n\n"));
    const [first, second] = spans;
    assert.equal(first?.bytes, second?.bytes);
    assert.equal(first?.end, second?.start);
    assert.deepEqual(
      spans.map(({ bytes, start, end }) => Buffer.from(bytes.subarray(start, end)).toString()),
      ["data: 1\n\n", "data: 2\n\n", "data: 3\n\n", "data: 4\n\n"],
    );
  });

  test("a line of the longest length passes, a longer one is a fault of the upstream", () => {
    const longest = `data:${"x".repeat(SSE_LINE_BYTES_MAX - 5)}`;
    assert.equal(parse(`${longest}\n\n`, 65_536).events.length, 1);
    const parser = createSseParser({ onEvent: () => assert.fail("nothing is told") });
    assert.equal(parser.push(Buffer.from(longest)), undefined);
    const fault = parser.push(Buffer.from("xx"));
    assert.deepEqual([fault?.kind, fault?.reason], ["protocol", "SSE_LINE_TOO_LONG"]);
    assert.equal(parser.push(Buffer.from("\n\n")), fault);
    parser.end();
  });

  test("a line that is too long is a fault also if it comes whole", () => {
    const parser = createSseParser({ onEvent: () => assert.fail("nothing is told") });
    const fault = parser.push(Buffer.from(`data:${"x".repeat(SSE_LINE_BYTES_MAX)}\n\n`));
    assert.equal(fault?.reason, "SSE_LINE_TOO_LONG");
  });

  test("an event of too many lines is a fault of the upstream", () => {
    const line = Buffer.from(`data:${"x".repeat(65_530)}\n`);
    const parser = createSseParser({ onEvent: () => assert.fail("nothing is told") });
    let pushed = 0;
    let reason: string | undefined;
    while (reason === undefined && pushed < 2 * SSE_EVENT_BYTES_MAX) {
      reason = parser.push(line)?.reason;
      pushed += line.length;
    }
    assert.equal(reason, "SSE_EVENT_TOO_LONG");
    assert.ok(pushed <= SSE_EVENT_BYTES_MAX + line.length);
  });
});
