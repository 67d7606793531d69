interface Facts {
  /** Without a trailing slash and without /v1. */
  readonly origin: string;
  readonly apiKey: string;
  readonly model: string;
}

export const SNIPPETS = {
  curl: ({ origin, apiKey, model }: Facts) =>
    `curl ${origin}/v1/chat/completions \\
  -H "Authorization: Bearer ${apiKey}" \\
  -H "Content-Type: application/json" \\
  -d '{
    "model": "${model}",
    "stream": true,
    "messages": [{"role": "user", "content": "Say hello"}]
  }'`,
  python: ({ origin, apiKey, model }: Facts) =>
    `from openai import OpenAI

client = OpenAI(base_url="${origin}/v1", api_key="${apiKey}")
answer = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "Say hello"}],
)
print(answer.choices[0].message.content)`,
  node: ({ origin, apiKey, model }: Facts) =>
    `import OpenAI from "openai";

const client = new OpenAI({ baseURL: "${origin}/v1", apiKey: "${apiKey}" });
const answer = await client.chat.completions.create({
  model: "${model}",
  messages: [{ role: "user", content: "Say hello" }],
});
console.log(answer.choices[0].message.content);`,
  anthropic: ({ origin, apiKey, model }: Facts) =>
    `import anthropic

client = anthropic.Anthropic(base_url="${origin}", api_key="${apiKey}")
message = client.messages.create(
    model="${model}",
    max_tokens=256,
    messages=[{"role": "user", "content": "Say hello"}],
)
print(message.content[0].text)`,
  claudeCode: ({ origin, apiKey, model }: Facts) =>
    `export ANTHROPIC_BASE_URL="${origin}"
export ANTHROPIC_AUTH_TOKEN="${apiKey}"
export ANTHROPIC_MODEL="${model}"
claude`,
} as const satisfies Record<string, (facts: Facts) => string>;

export type SnippetName = keyof typeof SNIPPETS;

export const SNIPPET_NAMES: readonly SnippetName[] = [
  "curl",
  "python",
  "node",
  "anthropic",
  "claudeCode",
];
