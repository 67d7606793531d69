import { textOr } from "#conversation/json-value.ts";
import type { JsonObject } from "#conversation/json-value.ts";

const DIMENSIONS = 8;

/** OpenAI's list of embeddings: vectors that follow from the text alone. */
export function demoEmbedding(body: JsonObject): JsonObject {
  const inputs = inputsOf(body["input"]);
  const tokens = inputs.reduce<number>((sum, input) => sum + tokensOf(input), 0);
  return {
    object: "list",
    data: inputs.map((input, index) => ({
      object: "embedding",
      index,
      embedding: vectorOf(JSON.stringify(input)),
    })),
    model: textOr(body["model"]) || "demo-embedding",
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

/** A text, a list of texts, a list of tokens, or a list of such lists. */
function inputsOf(input: unknown): readonly unknown[] {
  return Array.isArray(input) && typeof input[0] !== "number" ? input : [input];
}

function tokensOf(input: unknown): number {
  return Array.isArray(input) ? input.length : Math.max(1, textOr(input).split(/\s+/u).length);
}

/** A small multiplicative hash per dimension, scaled into -1..1. */
function vectorOf(text: string): readonly number[] {
  return Array.from({ length: DIMENSIONS }, (_, dimension) => {
    let hash = dimension + 1;
    for (let at = 0; at < text.length; at += 1) {
      hash = (hash * 31 + text.charCodeAt(at)) % 1_000_003;
    }
    return hash / 500_001.5 - 1;
  });
}
