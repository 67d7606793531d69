/*
 * Recognises a pasted credential by its public shape, without sending it anywhere. A key goes only
 * to the one provider that its shape names or that the person picks: never to a stranger's host.
 */

/** A provider that a pasted key may belong to; ids are One API's channel types. */
export interface Candidate {
  readonly type: number;
  readonly name: string;
}

export interface Credential {
  readonly key: string;
  /** Empty for the provider's own address. */
  readonly baseUrl: string;
  /** One when the shape is certain; several when a person must say. */
  readonly candidates: readonly Candidate[];
}

const OPENAI: Candidate = { type: 1, name: "OpenAI" };
const ANTHROPIC: Candidate = { type: 14, name: "Anthropic" };
const OPENROUTER: Candidate = { type: 20, name: "OpenRouter" };
const GEMINI: Candidate = { type: 24, name: "Google Gemini" };
const MOONSHOT: Candidate = { type: 25, name: "Moonshot" };
const GROQ: Candidate = { type: 29, name: "Groq" };
const DEEPSEEK: Candidate = { type: 36, name: "DeepSeek" };
const SILICONFLOW: Candidate = { type: 44, name: "SiliconFlow" };
const XAI: Candidate = { type: 45, name: "xAI" };
const BAILIAN: Candidate = { type: 49, name: "Alibaba Bailian" };
const COMPATIBLE: Candidate = { type: 50, name: "OpenAI compatible" };

/** Longer prefixes first: `sk-ant-` is also an `sk-`. */
const BY_PREFIX: readonly (readonly [RegExp, readonly Candidate[]])[] = [
  [/^sk-ant-/, [ANTHROPIC]],
  [/^sk-or-/, [OPENROUTER]],
  [/^sk-(?:proj|svcacct|admin)-/, [OPENAI]],
  [/^AIza/, [GEMINI]],
  [/^gsk_/, [GROQ]],
  [/^xai-/, [XAI]],
  [/^sk-/, [OPENAI, DEEPSEEK, MOONSHOT, BAILIAN, SILICONFLOW]],
];

const BY_HOST: readonly (readonly [RegExp, Candidate])[] = [
  [/(^|\.)openai\.com$/, OPENAI],
  [/(^|\.)anthropic\.com$/, ANTHROPIC],
  [/(^|\.)openrouter\.ai$/, OPENROUTER],
  [/(^|\.)deepseek\.com$/, DEEPSEEK],
  [/(^|\.)moonshot\.(cn|ai)$/, MOONSHOT],
  [/(^|\.)groq\.com$/, GROQ],
  [/(^|\.)x\.ai$/, XAI],
  [/(^|\.)siliconflow\.cn$/, SILICONFLOW],
];

/** By the variable's name in an environment file. */
const BY_VARIABLE: readonly (readonly [RegExp, Candidate])[] = [
  [/ANTHROPIC/i, ANTHROPIC],
  [/OPENROUTER/i, OPENROUTER],
  [/DEEPSEEK/i, DEEPSEEK],
  [/MOONSHOT|KIMI/i, MOONSHOT],
  [/GEMINI|GOOGLE/i, GEMINI],
  [/GROQ/i, GROQ],
  [/XAI|GROK/i, XAI],
  [/DASHSCOPE|BAILIAN|QWEN/i, BAILIAN],
  [/SILICONFLOW/i, SILICONFLOW],
];

const SHORTEST_KEY = 8;

/** Reads a key, an environment snippet, or a base URL with a key; undefined when none is there. */
export function readCredential(pasted: string): Credential | undefined {
  const words = pasted
    .split(/[\s;,]+/)
    .map((word) => word.replace(/^export$/, ""))
    .filter((word) => word !== "");
  let key = "";
  let baseUrl = "";
  let variable = "";
  for (const word of words) {
    const assignment = /^([A-Za-z_][A-Za-z0-9_]*)[=:](.+)$/.exec(word);
    const isUrl = /^https?:\/\//i.test(word);
    const value = unquote(assignment && !isUrl ? (assignment[2] ?? "") : word);
    if (/^https?:\/\//i.test(value)) baseUrl ||= value.replace(/\/+$/, "");
    else if (key === "" && value.length >= SHORTEST_KEY) {
      key = value;
      variable = assignment?.[1] ?? "";
    }
  }
  if (key === "") return undefined;
  return withCandidates({ key, baseUrl, variable });
}

function withCandidates(found: {
  readonly key: string;
  readonly baseUrl: string;
  readonly variable: string;
}): Credential {
  const { key, baseUrl, variable } = found;
  if (baseUrl !== "") {
    const host = URL.canParse(baseUrl) ? new URL(baseUrl).hostname : "";
    const known = BY_HOST.find(([shape]) => shape.test(host))?.[1];
    return known
      ? { key, baseUrl: "", candidates: [known] }
      : { key, baseUrl: withVersion(baseUrl), candidates: [COMPATIBLE] };
  }
  const byPrefix = BY_PREFIX.find(([shape]) => shape.test(key))?.[1] ?? [];
  const byVariable = BY_VARIABLE.find(([shape]) => shape.test(variable))?.[1];
  if (byVariable && byPrefix.length !== 1) return { key, baseUrl, candidates: [byVariable] };
  return { key, baseUrl, candidates: byPrefix };
}

/** A compatible endpoint's base ends in its version, as its SDK expects. */
function withVersion(baseUrl: string): string {
  return /\/v\d+[a-z0-9]*$/.test(baseUrl) ? baseUrl : `${baseUrl}/v1`;
}

function unquote(text: string): string {
  return text.replace(/^["']+|["']+$/g, "");
}
