import assert from "node:assert/strict";
import { suite, test } from "node:test";

import { objectOr } from "#conversation/json-value.ts";
import { channelTypeOf } from "#providers/channel-types.ts";
import { demoReply } from "#providers/demo/demo-reply.ts";
import type { DemoReply } from "#providers/demo/demo-reply.ts";
import type { Provider } from "#providers/provider.ts";

function demo(): Provider {
  const provider = channelTypeOf(1000)?.provider;
  assert(provider !== undefined);
  return provider;
}

function ask(prompt: string, more: object = {}): DemoReply {
  const head = demo().native["openai-chat"]?.head(
    { type: 1000, baseUrl: "demo:", credential: "x", config: {} },
    { upstreamModel: "demo-chat", stream: false, clientHeaders: {} },
  );
  assert(head !== undefined);
  const body = { model: "demo-chat", messages: [{ role: "user", content: prompt }], ...more };
  return demoReply({ ...head, body: JSON.stringify(body) });
}

function bodyOf(reply: DemoReply): string {
  return reply.chunks.map((chunk) => chunk.text).join("");
}

suite("the built-in upstream", () => {
  test("repeats the prompt, the same every time, and counts words as tokens", () => {
    const reply = ask("hello world");
    assert.deepEqual(reply, ask("hello world"));
    const facts = demo().native["openai-chat"]?.readReply(JSON.parse(bodyOf(reply)));
    assert.equal(facts?.outputText(), "You said: hello world");
    assert.deepEqual([facts?.usage?.inputTokens, facts?.usage?.outputTokens], [2, 4]);
  });

  test("streams word by word, with usage only where it is asked for", () => {
    const plain = ask("a b", { stream: true });
    assert.equal(plain.headers["content-type"], "text/event-stream");
    assert.equal(plain.chunks.length, 5);
    assert.doesNotMatch(bodyOf(plain), /"usage"/u);
    assert.match(bodyOf(plain), /data: \[DONE\]\n\n$/u);
    const counted = ask("a b", { stream: true, stream_options: { include_usage: true } });
    assert.match(bodyOf(counted), /"choices":\[\],"usage":\{"prompt_tokens":2/u);
  });

  test("keeps to the bound of output tokens and says so", () => {
    const reply = objectOr(JSON.parse(bodyOf(ask("long 500", { max_tokens: 3 }))));
    assert.equal(objectOr(reply["usage"])["completion_tokens"], 3);
    assert.match(JSON.stringify(reply), /"finish_reason":"length"/u);
    assert.equal(ask("long 300", { stream: true }).chunks.length, 301);
    assert.ok(ask("long 999999", { stream: true }).chunks.length <= 10_001);
  });

  test("fails as the prompt says", () => {
    const kindOf = (prompt: string): string => {
      const reply = ask(prompt);
      return demo().readFailure({ ...reply, body: bodyOf(reply) }).kind;
    };
    assert.equal(ask("please fail 429 now").headers["retry-after"], "1");
    assert.equal(kindOf("fail 429"), "rate-limit");
    assert.equal(kindOf("fail 401"), "credential");
    assert.equal(kindOf("fail 402"), "funds");
    assert.equal(kindOf("fail 400"), "caller");
    assert.equal(kindOf("fail 503"), "transient");
  });

  test("is slow, cuts its stream off or breaks it as the prompt says", () => {
    assert.ok(
      ask("slow", { stream: true }).chunks.every(({ delayMs }, index) => index > 1 || delayMs > 0),
    );
    const cut = ask("cut here please", { stream: true });
    assert.equal(cut.isCut, true);
    assert.doesNotMatch(bodyOf(cut), /DONE/u);
    assert.match(bodyOf(ask("break", { stream: true })), /"error"/u);
  });

  test("has completions, embeddings and a list of models, and nothing else", () => {
    const post = (url: string, body: object): DemoReply =>
      demoReply({ method: "POST", url, body: Buffer.from(JSON.stringify(body)) });
    const completion = post("demo:/v1/completions", { model: "demo-chat", prompt: "hi" });
    assert.match(bodyOf(completion), /"text":"You said: hi"/u);
    const vectors = post("demo:/v1/embeddings", { model: "demo-embedding", input: ["a b", "c"] });
    const facts = demo().native["openai-embeddings"]?.readReply(JSON.parse(bodyOf(vectors)));
    assert.equal(facts?.fault, undefined);
    assert.equal(facts?.usage?.inputTokens, 3);
    const models: unknown = JSON.parse(
      bodyOf(demoReply({ method: "GET", url: "demo:/v1/models" })),
    );
    assert.deepEqual(demo().models?.read(models), ["demo-chat", "demo-embedding"]);
    assert.equal(post("demo:/v1/other", {}).status, 404);
    assert.equal(demoReply({ method: "POST", url: "demo:/v1/embeddings", body: "no" }).status, 400);
  });
});
