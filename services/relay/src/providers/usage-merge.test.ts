import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { SeededRandom } from "@tollgate/kit/testing/seeded-random";
import { createSeededRandom } from "@tollgate/kit/testing/seeded-random";
import type { TokenUsage } from "#conversation/token-usage.ts";
import { NO_USAGE, completionTokensOf, promptTokensOf } from "#conversation/token-usage.ts";
import { isPlausible } from "#pipeline/usage-watch.ts";
import { createAnthropicUsage } from "#providers/anthropic/usage.ts";
import { createOpenAiUsage, readOpenAiUsage } from "#providers/openai/usage.ts";

interface Merger {
  readonly update: (value: unknown) => unknown;
  readonly current: () => TokenUsage | undefined;
}

const mergers: readonly (readonly [string, () => Merger, (random: SeededRandom) => object])[] = [
  ["OpenAI", createOpenAiUsage, anOpenAiReport],
  ["OpenAI, parts on top", onTop, anOpenAiReport],
  ["Anthropic", createAnthropicUsage, anAnthropicReport],
];

function onTop(): Merger {
  return createOpenAiUsage({ reasoningOnTop: true, cachedOnTop: true });
}

/** A count, or one of the ways to say nothing. */
function anyCount(random: SeededRandom): unknown {
  return random.pick([random.integer(0, 1000), random.integer(0, 1000), 0, null, "7"]);
}

function anOpenAiReport(random: SeededRandom): object {
  return {
    prompt_tokens: anyCount(random),
    completion_tokens: anyCount(random),
    total_tokens: anyCount(random),
    prompt_tokens_details: random.pick([
      null,
      { cached_tokens: anyCount(random), audio_tokens: anyCount(random) },
    ]),
    completion_tokens_details: random.pick([
      null,
      { reasoning_tokens: anyCount(random), audio_tokens: anyCount(random) },
    ]),
  };
}

function anAnthropicReport(random: SeededRandom): object {
  return {
    input_tokens: anyCount(random),
    output_tokens: anyCount(random),
    cache_read_input_tokens: anyCount(random),
    cache_creation_input_tokens: anyCount(random),
    cache_creation: random.pick([null, { ephemeral_1h_input_tokens: anyCount(random) }]),
    output_tokens_details: random.pick([null, { thinking_tokens: anyCount(random) }]),
  };
}

function merged(create: () => Merger, reports: readonly unknown[]): TokenUsage | undefined {
  const merger = create();
  for (const report of reports) {
    merger.update(report);
  }
  return merger.current();
}

function shuffled<Item>(items: readonly Item[], random: SeededRandom): readonly Item[] {
  return items
    .map((item) => ({ item, place: random.next() }))
    .sort((left, right) => left.place - right.place)
    .map(({ item }) => item);
}

for (const [name, create, aReport] of mergers) {
  suite(`${name}: reports of usage are merged`, () => {
    test("their order and their repetition change nothing, and no bucket is negative", () => {
      const random = createSeededRandom(11);
      for (let round = 0; round < 3000; round += 1) {
        const reports = Array.from({ length: random.integer(1, 5) }, () => aReport(random));
        const usage = merged(create, reports);
        const again = [...reports, random.pick(reports), random.pick(reports)];
        assert.deepEqual(merged(create, shuffled(again, random)), usage);
        assert.ok(usage === undefined || isPlausible(usage), JSON.stringify(reports));
      }
    });

    test("a count that cannot be is never hidden by others, whenever it comes", () => {
      const random = createSeededRandom(12);
      const good = { prompt_tokens: 3, completion_tokens: 4, input_tokens: 3, output_tokens: 4 };
      for (const bad of [-1, 0.5, 1e300]) {
        const broken = { ...good, completion_tokens: bad, output_tokens: bad };
        const usage = merged(create, shuffled([good, broken, good], random));
        assert.ok(usage !== undefined && !isPlausible(usage), String(bad));
      }
    });

    test("what is not said is nothing, and a zero that is said is zero", () => {
      for (const nothing of [undefined, null, {}, [], "usage", { prompt_tokens: null }]) {
        assert.equal(merged(create, [nothing]), undefined);
      }
      const zeros = { prompt_tokens: 0, completion_tokens: 0, input_tokens: 0, output_tokens: 0 };
      assert.deepEqual(merged(create, [zeros]), NO_USAGE);
    });
  });
}

test("OpenAI's parts never add up to more or less than its totals", () => {
  const random = createSeededRandom(13);
  for (let round = 0; round < 3000; round += 1) {
    const report = { ...anOpenAiReport(random), prompt_tokens: 500, completion_tokens: 70 };
    const usage = readOpenAiUsage(report);
    assert.ok(usage);
    assert.deepEqual([promptTokensOf(usage), completionTokensOf(usage)], [500, 70]);
  }
});
