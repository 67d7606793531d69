import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { anthropicMessages } from "#surfaces/anthropic-messages/index.ts";
import { openAiChat } from "#surfaces/openai-chat/index.ts";
import { openAiCompletions } from "#surfaces/openai-completions/index.ts";
import type { BodyEdit, Surface } from "#surfaces/surface.ts";

function cap(surface: Surface, body: string, outputTokensCap: number): string {
  const json: BodyEdit["json"] = JSON.parse(body);
  const upstreamModel = String(json["model"]);
  const edit = { body: Buffer.from(body), json, upstreamModel, askForUsage: false };
  return Buffer.from(surface.editBody({ ...edit, outputTokensCap })).toString();
}

suite("a bound of output that is written into a body", () => {
  test("lowers what is above it and raises nothing", () => {
    const both = '{"model":"m","max_tokens": 10 ,"max_completion_tokens":900}';
    assert.equal(cap(openAiChat, both, 100), both.replace("900", "100"));
    assert.equal(cap(openAiChat, both, 900), both);
    const message = '{"max_tokens":900,"model":"claude"}';
    assert.equal(cap(anthropicMessages, message, 20), message.replace("900", "20"));
    assert.equal(cap(anthropicMessages, message, 901), message);
    const completion = '{"model":"m","prompt":"x","max_tokens":900}';
    assert.equal(cap(openAiCompletions, completion, 20), completion.replace("900", "20"));
  });

  test("is put in where there is none, under the name that the model knows", () => {
    assert.equal(cap(openAiChat, '{"model":"m"}', 20), '{"max_tokens":20,"model":"m"}');
    assert.equal(
      cap(openAiChat, '{"model":"gpt-5-mini","max_tokens":null}', 20),
      '{"max_completion_tokens":20,"model":"gpt-5-mini","max_tokens":null}',
    );
    assert.equal(
      cap(openAiCompletions, '{"model":"m","prompt":"x"}', 20),
      '{"max_tokens":20,"model":"m","prompt":"x"}',
    );
  });

  test("takes the place of a bound that upstreams take for none", () => {
    assert.equal(
      cap(openAiChat, '{"model":"m","max_tokens":0}', 20),
      '{"model":"m","max_tokens":20}',
    );
  });
});
