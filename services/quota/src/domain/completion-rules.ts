/**
 * What an output token costs in input tokens where no table says so: One API's rules, first match wins. They are the rules of
 * `rules: 1` in a stored price book; other rules need another number, because stored books never change.
 */
import type { Ratio } from "./ratio.ts";
import { parseRatio } from "./ratio.ts";

interface CompletionRule {
  readonly names?: readonly string[];
  readonly prefix?: string;
  readonly suffix?: string;
  readonly ratio: string;
}

const completionRules: readonly CompletionRule[] = [
  { names: ["gpt-3.5-turbo"], ratio: "3" },
  { prefix: "gpt-3.5", suffix: "0125", ratio: "3" },
  { prefix: "gpt-3.5", suffix: "1106", ratio: "2" },
  { prefix: "gpt-3.5", ratio: "4/3" },
  { names: ["gpt-4o-2024-05-13"], ratio: "3" },
  { prefix: "gpt-4o", ratio: "4" },
  { prefix: "gpt-4-turbo", ratio: "3" },
  { prefix: "gpt-4", suffix: "preview", ratio: "3" },
  { prefix: "gpt-4", ratio: "2" },
  { prefix: "o1", ratio: "4" },
  { names: ["chatgpt-4o-latest"], ratio: "3" },
  { prefix: "claude-3", ratio: "5" },
  { prefix: "claude-", ratio: "3" },
  { prefix: "mistral-", ratio: "3" },
  { prefix: "gemini-", ratio: "3" },
  { prefix: "deepseek-", ratio: "2" },
  { names: ["llama2-70b-4096"], ratio: "1.25" },
  { names: ["llama3-8b-8192"], ratio: "2" },
  { names: ["llama3-70b-8192"], ratio: "0.79/0.59" },
  { names: ["command", "command-light", "command-nightly", "command-light-nightly"], ratio: "2" },
  { names: ["command-r"], ratio: "3" },
  { names: ["command-r-plus"], ratio: "5" },
  { names: ["grok-beta"], ratio: "3" },
  {
    names: [
      "ibm-granite/granite-20b-code-instruct-8k",
      "ibm-granite/granite-3.0-8b-instruct",
      "ibm-granite/granite-8b-code-instruct-128k",
    ],
    ratio: "5",
  },
  { names: ["ibm-granite/granite-3.0-2b-instruct"], ratio: "8.3333333333333333" },
  {
    names: [
      "meta/llama-2-13b",
      "meta/llama-2-13b-chat",
      "meta/llama-2-7b",
      "meta/llama-2-7b-chat",
      "meta/meta-llama-3-8b",
      "meta/meta-llama-3-8b-instruct",
    ],
    ratio: "5",
  },
  {
    names: [
      "meta/llama-2-70b",
      "meta/llama-2-70b-chat",
      "meta/meta-llama-3-70b",
      "meta/meta-llama-3-70b-instruct",
    ],
    ratio: "2.75/0.65",
  },
  { names: ["meta/meta-llama-3.1-405b-instruct"], ratio: "1" },
  { names: ["mistralai/mistral-7b-instruct-v0.2", "mistralai/mistral-7b-v0.1"], ratio: "5" },
  { names: ["mistralai/mixtral-8x7b-instruct-v0.1"], ratio: "1/0.3" },
];

const one = parseRatio("1");

const parsedRules = completionRules.map((rule) => ({ rule, ratio: parseRatio(rule.ratio) }));

/** The ratio of output to input for a model without one of its own. */
export function completionRatioByRule(model: string): Ratio {
  return parsedRules.find(({ rule }) => matches(rule, model))?.ratio ?? one;
}

function matches({ names, prefix = "", suffix = "" }: CompletionRule, model: string): boolean {
  return names === undefined
    ? model.startsWith(prefix) && model.endsWith(suffix)
    : names.includes(model);
}
