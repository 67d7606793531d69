import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { record, records } from "../harness/admin-client.ts";
import { makeChannel } from "../harness/builders.ts";
import { chat, eventsOf, post } from "../harness/chat.ts";
import type { Scene } from "../harness/platform.ts";

const TOOLS = [
  {
    type: "function" as const,
    function: {
      name: "get_weather",
      description: "Weather of a city",
      parameters: { type: "object", properties: { city: { type: "string" } } },
    },
  },
];

/** What customers with an official SDK in hand expect. */
export function relaySuite(scene: Scene): void {
  describe("relay", () => {
    let openai: OpenAI;
    let anthropic: Anthropic;

    before(async () => {
      const { relayUrl, rootKey } = scene.platform();
      openai = new OpenAI({ baseURL: `${relayUrl}/v1`, apiKey: rootKey, maxRetries: 0 });
      anthropic = new Anthropic({ baseURL: relayUrl, apiKey: rootKey, maxRetries: 0 });
      await makeChannel(scene, {
        name: "relay-openai",
        models: ["gpt-4o-mini", "gpt-3.5-turbo-instruct", "text-embedding-3-small", "short-name"],
        modelMapping: { "short-name": "gpt-4o-mini-2024-07-18" },
      });
      await makeChannel(scene, { name: "relay-anthropic", type: 14, models: ["claude-3-5-haiku"] });
    });

    it("an OpenAI SDK chats through an OpenAI channel", async () => {
      const reply = await openai.chat.completions.create({
        model: "gpt-4o-mini",
        messages: [{ role: "user", content: "hello words=5" }],
      });
      assert.equal(reply.choices[0]?.message.content, "The gate counts every word");
      assert.equal(reply.usage?.completion_tokens, 5);
    });

    it("an OpenAI SDK streams; the usage chunk is shown only to those who ask", async () => {
      const chunksOf = async (wantsUsage: boolean) => {
        const stream = await openai.chat.completions.create({
          model: "gpt-4o-mini",
          stream: true,
          messages: [{ role: "user", content: "hello words=6" }],
          ...(wantsUsage ? { stream_options: { include_usage: true } } : {}),
        });
        return Array.fromAsync(stream);
      };
      const asked = await chunksOf(true);
      assert.equal(asked.at(-1)?.usage?.completion_tokens, 6);
      const unasked = await chunksOf(false);
      const text = unasked.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("");
      assert.equal(text, "The gate counts every word that");
      assert.ok(unasked.every((chunk) => chunk.usage === undefined || chunk.usage === null));
      assert.ok(unasked.every((chunk) => chunk.choices.length > 0));
      assert.ok(
        scene.upstream().seenBodies().at(-1)?.includes('"include_usage":true'),
        "usage is asked of the upstream always",
      );
    });

    it("a stream ends with exactly one [DONE]", async () => {
      const reply = await post(scene.platform(), {
        body: chat("gpt-4o-mini", "hello", { stream: true }),
      });
      assert.equal(reply.headers.get("content-type")?.split(";")[0], "text/event-stream");
      assert.equal(eventsOf(reply.text).filter((data) => data === "[DONE]").length, 1);
      assert.equal(eventsOf(reply.text).at(-1), "[DONE]");
    });

    it("fields that nobody knows reach the upstream byte for byte", async () => {
      const body =
        '{"model":"gpt-4o-mini", "x_vendor":{"deep":[1.50,-0,1e3,"\\u00e9"]},"messages":[{"role":"user","content":"hi"}],"seed":12345678901234567890}';
      const reply = await post(scene.platform(), { body });
      assert.equal(reply.status, 200);
      assert.equal(scene.upstream().seenBodies().at(-1), body);
    });

    it("a mapped model is renamed and nothing else changes", async () => {
      const body =
        '{"messages":[{"role":"user","content":"model"}], "model" : "short-name","zz":[1.0]}';
      const reply = await post(scene.platform(), { body });
      assert.equal(reply.status, 200);
      assert.equal(
        scene.upstream().seenBodies().at(-1),
        body.replace('"short-name"', '"gpt-4o-mini-2024-07-18"'),
      );
    });

    it("completions and embeddings answer, with and without /v1", async () => {
      const completion = await openai.completions.create({
        model: "gpt-3.5-turbo-instruct",
        prompt: "say words=3",
      });
      assert.equal(completion.choices[0]?.text, "The gate counts");
      const embedding = await openai.embeddings.create({
        model: "text-embedding-3-small",
        input: ["one", "two"],
        encoding_format: "float",
      });
      assert.equal(embedding.data.length, 2);
      const bare = await post(scene.platform(), {
        path: "/chat/completions",
        body: chat("gpt-4o-mini", "hello"),
      });
      assert.equal(bare.status, 200);
    });

    it("an OpenAI SDK chats, streams and calls tools through an Anthropic channel", async () => {
      const whole = await openai.chat.completions.create({
        model: "claude-3-5-haiku",
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: "hello words=4" },
        ],
      });
      assert.equal(whole.choices[0]?.message.content, "The gate counts every");
      assert.equal(whole.choices[0]?.finish_reason, "stop");
      const stream = await openai.chat.completions.create({
        model: "claude-3-5-haiku",
        stream: true,
        stream_options: { include_usage: true },
        messages: [{ role: "user", content: "hello words=4" }],
      });
      const chunks = await Array.fromAsync(stream);
      const text = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("");
      assert.equal(text, "The gate counts every");
      assert.equal(chunks.at(-1)?.usage?.completion_tokens, 4);
      const tool = await openai.chat.completions.create({
        model: "claude-3-5-haiku",
        tools: TOOLS,
        messages: [{ role: "user", content: "use the tool" }],
      });
      const call = tool.choices[0]?.message.tool_calls?.[0];
      assert.ok(call?.type === "function");
      assert.equal(call.function.name, "get_weather");
      assert.deepEqual(JSON.parse(call.function.arguments), { city: "Paris" });
    });

    it("an Anthropic SDK speaks to an Anthropic channel and to an OpenAI channel", async () => {
      for (const model of ["claude-3-5-haiku", "gpt-4o-mini"]) {
        const whole = await anthropic.messages.create({
          model,
          max_tokens: 100,
          messages: [{ role: "user", content: "hello words=4" }],
        });
        const block = whole.content[0];
        assert.equal(block?.type === "text" ? block.text : "", "The gate counts every");
        assert.equal(whole.usage.output_tokens, 4);
        const message = await anthropic.messages
          .stream({
            model,
            max_tokens: 100,
            messages: [{ role: "user", content: "hello words=5" }],
          })
          .finalMessage();
        const streamed = message.content[0];
        assert.equal(streamed?.type === "text" ? streamed.text : "", "The gate counts every word");
        assert.equal(message.usage.output_tokens, 5);
        assert.equal(message.stop_reason, "end_turn");
      }
    });

    it("models are listed and found in One API's shape", async () => {
      const list = await openai.models.list();
      const ids = list.data.map((model) => model.id);
      assert.ok(ids.includes("gpt-4o-mini") && ids.includes("claude-3-5-haiku"), ids.join(" "));
      const one = await openai.models.retrieve("gpt-4o-mini");
      assert.equal(one.object, "model");
      const { relayUrl, rootKey } = scene.platform();
      const missing = await fetch(`${relayUrl}/v1/models/no-such-model`, {
        headers: { authorization: `Bearer ${rootKey}` },
      });
      assert.equal(record(record(await missing.json())["error"])["code"], "model_not_found");
    });

    it("dashboard billing answers with and without /v1", async () => {
      const { relayUrl, rootKey } = scene.platform();
      for (const prefix of ["/v1", ""]) {
        const headers = { authorization: `Bearer ${rootKey}` };
        const subscription = await fetch(`${relayUrl}${prefix}/dashboard/billing/subscription`, {
          headers,
        });
        assert.equal(record(await subscription.json())["object"], "billing_subscription");
        const usage = await fetch(`${relayUrl}${prefix}/dashboard/billing/usage`, { headers });
        assert.equal(typeof record(await usage.json())["total_usage"], "number");
      }
    });

    it("paths that One API names but does not serve answer 501, others 404", async () => {
      const platform = scene.platform();
      const files = await post(platform, { path: "/v1/images/edits", body: {} });
      assert.equal(files.status, 501);
      assert.equal(record(record(files.json)["error"])["code"], "api_not_implemented");
      const unknown = await post(platform, { path: "/v1/no/such/path", body: {} });
      assert.equal(unknown.status, 404);
      assert.equal(record(record(unknown.json)["error"])["type"], "invalid_request_error");
    });

    it("awkward streams arrive whole: CRLF, comments, single bytes, long lines", async () => {
      for (const behaviour of ["crlf", "comments", "bytes", "huge-line-1000"]) {
        const model = `awkward-${behaviour}`;
        await makeChannel(scene, { name: model, models: [model], behaviour });
        const stream = await openai.chat.completions.create({
          model,
          stream: true,
          messages: [{ role: "user", content: "hello words=7" }],
        });
        const chunks = await Array.fromAsync(stream);
        const text = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("");
        assert.equal(text, "The gate counts every word that passes", behaviour);
      }
    });

    it("the demo channel answers without a key or a network", async () => {
      await makeChannel(scene, {
        name: "demo",
        type: 1000,
        key: "",
        baseUrl: "",
        models: ["demo-chat"],
      });
      const stream = await openai.chat.completions.create({
        model: "demo-chat",
        stream: true,
        stream_options: { include_usage: true },
        messages: [{ role: "user", content: "Hello, who are you?" }],
      });
      const chunks = await Array.fromAsync(stream);
      const text = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("");
      assert.ok(text.length > 10, text);
      assert.ok((chunks.at(-1)?.usage?.completion_tokens ?? 0) > 0);
    });

    it("the channel's system prompt is put in front", async () => {
      await makeChannel(scene, {
        name: "relay-prompted",
        models: ["prompted"],
        systemPrompt: "Answer in French.",
      });
      await post(scene.platform(), { body: chat("prompted", "hello") });
      const sent = record(JSON.parse(scene.upstream().seenBodies().at(-1) ?? "{}"));
      assert.deepEqual(records(sent["messages"])[0], {
        role: "system",
        content: "Answer in French.",
      });
    });
  });
}
