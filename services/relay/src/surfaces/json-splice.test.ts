import assert from "node:assert/strict";
import { suite, test } from "node:test";

import { isFault } from "@tollgate/kit/fault/fault";

import { anthropicMessages } from "#surfaces/anthropic-messages/index.ts";
import { checkJsonDepth, JSON_DEPTH_MAX } from "#surfaces/json-depth.ts";
import { openAiChat } from "#surfaces/openai-chat/index.ts";
import { openAiEmbeddings } from "#surfaces/openai-embeddings/index.ts";
import type { BodyEdit, Surface } from "#surfaces/surface.ts";

function edit(surface: Surface, body: string, wish: Partial<BodyEdit> = {}): string {
  const json: BodyEdit["json"] = JSON.parse(body);
  const edited = surface.editBody({
    body: Buffer.from(body),
    json,
    upstreamModel: "m",
    askForUsage: false,
    ...wish,
  });
  return Buffer.from(edited).toString();
}

function refusalOf(body: string, surface: Surface = openAiChat): string {
  try {
    edit(surface, body);
  } catch (error) {
    assert(isFault(error, "INVALID_REQUEST"));
    assert.equal(error.owner, "caller");
    return error.publicMessage;
  }
  return assert.fail("the body is refused");
}

suite("editing a body", () => {
  test("nothing to change gives the very same array back", () => {
    const body = Buffer.from('{"model":"m","messages":[]}');
    const same = openAiChat.editBody({
      body,
      json: { model: "m", messages: [] },
      upstreamModel: "m",
      askForUsage: true,
    });
    assert.equal(same, body);
  });

  test("only the model changes, every other byte stays", () => {
    const before =
      '\n{ "x" : 1.50E+2, "u\\u00e9":"é\\n\\"",\t"model" :\r"gpt" , "messages":[{"a":[{}]}],"big":12345678901234567890 } ';
    assert.equal(edit(openAiChat, before), before.replace('"gpt"', '"m"'));
  });

  test("a model is put in where the path named it", () => {
    assert.equal(edit(openAiEmbeddings, '{"input":"x"}'), '{"model":"m","input":"x"}');
    assert.equal(edit(openAiEmbeddings, " { } "), ' {"model":"m" } ');
  });

  test("names with escapes, and the name of the model inside strings, are told apart", () => {
    const before = '{"a":"\\"model\\":1","mod\\u0065l":"gpt","b":{"model":"in"}}';
    assert.equal(edit(openAiChat, before), before.replace('"gpt"', '"m"'));
  });

  test("a stream is asked for usage without losing its other options", () => {
    const wish = { askForUsage: true };
    const cases = [
      [
        '{"model":"m","stream":true}',
        '{"stream_options":{"include_usage":true},"model":"m","stream":true}',
      ],
      [
        '{"model":"m","stream":true,"stream_options":null}',
        '{"model":"m","stream":true,"stream_options":{"include_usage":true}}',
      ],
      [
        '{"model":"m","stream":true,"stream_options":{ }}',
        '{"model":"m","stream":true,"stream_options":{"include_usage":true }}',
      ],
      [
        '{"model":"m","stream":true,"stream_options":{"x":1}}',
        '{"model":"m","stream":true,"stream_options":{"include_usage":true,"x":1}}',
      ],
      [
        '{"model":"m","stream":true,"stream_options":{"include_usage" : false, "x":1}}',
        '{"model":"m","stream":true,"stream_options":{"include_usage" : true, "x":1}}',
      ],
      ['{"model":"m","stream":false}', '{"model":"m","stream":false}'],
    ] as const;
    for (const [before, after] of cases) {
      assert.equal(edit(openAiChat, before, wish), after);
    }
  });

  test("a system prompt replaces the first message that instructs, or goes in front", () => {
    const wish = { systemPrompt: 'be "kind"' };
    const cases = [
      [
        '{"model":"m","messages":[{"role":"system","name":"n","content":[{"type":"text"}]},{"role":"user"}]}',
        '{"model":"m","messages":[{"role":"system","name":"n","content":"be \\"kind\\""},{"role":"user"}]}',
      ],
      [
        '{"model":"m","messages":[{"role":"user","content":"x"}]}',
        '{"model":"m","messages":[{"role":"system","content":"be \\"kind\\""},{"role":"user","content":"x"}]}',
      ],
      [
        '{"model":"m","messages":[]}',
        '{"model":"m","messages":[{"role":"system","content":"be \\"kind\\""}]}',
      ],
    ] as const;
    for (const [before, after] of cases) {
      assert.equal(edit(openAiChat, before, wish), after);
    }
    assert.equal(
      edit(anthropicMessages, '{"model":"m","system":[{"a":1}]}', wish),
      '{"model":"m","system":"be \\"kind\\""}',
    );
    assert.equal(
      edit(anthropicMessages, '{"model":"m"}', wish),
      '{"system":"be \\"kind\\"","model":"m"}',
    );
  });

  test("whatever is edited, the result is the JSON that was meant", () => {
    const values = [
      "0",
      "-1.5e3",
      '"a\\\\"',
      '"\\\\\\""',
      "[]",
      "{}",
      '[1,[2,{"x":"]}"}]]',
      "null",
      "true",
      `"${"long ".repeat(40)}\\""`,
    ];
    for (const before of values) {
      for (const after of values) {
        const body = `{"before":${before},"model":${before},"stream":true,"after":${after}}`;
        const expected = {
          ...JSON.parse(body),
          model: "m",
          stream_options: { include_usage: true },
        };
        assert.deepEqual(JSON.parse(edit(openAiChat, body, { askForUsage: true })), expected);
      }
    }
  });

  test("a decisive member that comes twice or in another spelling is refused, also if nothing is edited", () => {
    assert.match(refusalOf('{"model":"m","model":"n"}'), /"model" more than once/u);
    assert.match(refusalOf('{"model":"m","mod\\u0065l":"n"}'), /"model" more than once/u);
    assert.match(refusalOf('{"model":"m","max_tokens":1,"max_tokens":9}'), /max_tokens/u);
    assert.match(refusalOf('{"model":"m","MODEL":"n"}'), /write "model"/u);
    assert.match(refusalOf('{"model":"m","\u017Ftream":true}'), /write "stream"/u);
    assert.match(refusalOf('{"model":"m","max_to\u212Aens":1}'), /write "max_tokens"/u);
    assert.match(
      refusalOf('{"model":"m","messages":[],"messages":[]}', anthropicMessages),
      /messages/u,
    );
    assert.equal(edit(openAiChat, '{"model":"m","x":1,"x":2}'), '{"model":"m","x":1,"x":2}');
  });
});

suite("depth of a body", () => {
  const nested = (depth: number): Uint8Array =>
    Buffer.from(`${'{"a":['.repeat(depth / 2)}${"]}".repeat(depth / 2)}`);

  test("the limit passes, one level more is the caller's fault", () => {
    checkJsonDepth(nested(JSON_DEPTH_MAX));
    assert.throws(() => {
      checkJsonDepth(nested(JSON_DEPTH_MAX + 2));
    }, /nests deeper/u);
  });

  test("brackets inside strings do not count", () => {
    checkJsonDepth(Buffer.from(`["${"[{".repeat(500)}\\"${"[".repeat(500)}"]`));
  });

  test("a million levels, and text that is no JSON, are read in one pass without recursion", () => {
    assert.throws(() => {
      checkJsonDepth(Buffer.from("[".repeat(1_000_000)));
    }, /nests deeper/u);
    checkJsonDepth(Buffer.from('"never closed'));
    checkJsonDepth(Buffer.from("]".repeat(1000)));
  });
});
