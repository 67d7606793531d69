import models from "#providers/channel-models.json" with { type: "json" };
import type { ChannelType } from "#providers/channel-type.ts";
import {
  dashboardBalance,
  novitaBalance,
  openRouterBalance,
} from "#providers/channel-types/balances.ts";
import { openAiType } from "#providers/channel-types/openai-type.ts";
import {
  underAzureResource,
  underCloudflareAccount,
  underOpenAiBaseUrl,
  underVersionedBaseUrl,
} from "#providers/openai/endpoint.ts";

/** OpenAI, Azure and vendors from outside China that speak OpenAI's dialect. */
export const westernTypes: readonly ChannelType[] = [
  openAiType({
    id: 1,
    name: "openai",
    labels: ["OpenAI", "OpenAI"],
    baseUrl: "https://api.openai.com",
    models: models.openai,
    vendor: { endpoint: { url: underOpenAiBaseUrl }, balance: dashboardBalance },
  }),
  openAiType({
    id: 3,
    name: "azure",
    labels: ["Azure OpenAI", "Azure OpenAI"],
    configFields: [{ name: "api_version", label: "API version", required: false, secret: false }],
    models: models.openai,
    ownedBy: "azure",
    vendor: {
      endpoint: { url: underAzureResource, authorization: "api-key", modelsPath: null },
    },
  }),
  openAiType({
    id: 20,
    name: "openrouter",
    labels: ["OpenRouter", "OpenRouter"],
    baseUrl: "https://openrouter.ai/api",
    models: models.openrouter,
    ownedBy: "openrouter",
    vendor: {
      endpoint: { extraHeaders: { "x-title": "Tollgate" } },
      balance: openRouterBalance,
    },
  }),
  openAiType({
    id: 24,
    name: "gemini",
    labels: ["Google Gemini", "Google Gemini"],
    baseUrl: "https://generativelanguage.googleapis.com",
    models: models.geminiv2,
    ownedBy: "google gemini",
    // Gemini's own OpenAI interface, under the same host and key.
    vendor: {
      endpoint: {
        url: (channel, path) => `${channel.baseUrl}/v1beta/openai${path.replace(/^\/v1/u, "")}`,
        paths: { "openai-completions": null },
      },
    },
  }),
  openAiType({
    id: 28,
    name: "mistral",
    labels: ["Mistral AI", "Mistral AI"],
    baseUrl: "https://api.mistral.ai",
    models: models.mistral,
    ownedBy: "mistralai",
    vendor: { refusesStreamOptions: true },
  }),
  openAiType({
    id: 29,
    name: "groq",
    labels: ["Groq", "Groq"],
    baseUrl: "https://api.groq.com/openai",
    models: models.groq,
    ownedBy: "groq",
  }),
  openAiType({
    id: 30,
    name: "ollama",
    labels: ["Ollama", "Ollama"],
    baseUrl: "http://localhost:11434",
    keyFormat: "any text",
    models: models.ollama,
    ownedBy: "ollama",
  }),
  openAiType({
    id: 35,
    name: "cohere",
    labels: ["Cohere", "Cohere"],
    baseUrl: "https://api.cohere.ai",
    models: models.cohere,
    ownedBy: "Cohere",
    vendor: {
      endpoint: {
        paths: {
          "openai-chat": "/compatibility/v1/chat/completions",
          "openai-completions": null,
          "openai-embeddings": "/compatibility/v1/embeddings",
        },
        modelsPath: null,
      },
    },
  }),
  openAiType({
    id: 37,
    name: "cloudflare",
    labels: ["Cloudflare Workers AI", "Cloudflare Workers AI"],
    baseUrl: "https://api.cloudflare.com",
    configFields: [{ name: "user_id", label: "Account id", required: true, secret: false }],
    models: models.cloudflare,
    ownedBy: "cloudflare",
    vendor: {
      endpoint: {
        url: underCloudflareAccount,
        paths: { "openai-completions": null },
        modelsPath: null,
      },
      failureRules: [
        { kind: "funds", reason: "NO_FUNDS", names: ["3036"] },
        { kind: "credential", reason: "CREDENTIAL_REJECTED", names: ["3023", "10000"] },
      ],
    },
  }),
  openAiType({
    id: 39,
    name: "together",
    labels: ["together.ai", "together.ai"],
    baseUrl: "https://api.together.xyz",
    models: models.togetherai,
    ownedBy: "together.ai",
    vendor: {
      failureRules: [
        {
          kind: "caller",
          reason: "CONTEXT_TOO_LONG",
          statuses: [403],
          texts: ["max_new_tokens", "max_tokens", "context length"],
        },
      ],
    },
  }),
  openAiType({
    id: 41,
    name: "novita",
    labels: ["Novita", "Novita"],
    baseUrl: "https://api.novita.ai/v3/openai",
    models: models.novita,
    ownedBy: "novita",
    vendor: { endpoint: { url: underVersionedBaseUrl }, balance: novitaBalance },
  }),
  openAiType({
    id: 45,
    name: "xai",
    labels: ["xAI", "xAI"],
    baseUrl: "https://api.x.ai",
    models: models.xai,
    ownedBy: "xai",
    vendor: { usage: { reasoningOnTop: true, cachedOnTop: true } },
  }),
  openAiType({
    id: 51,
    name: "gemini-openai-compatible",
    labels: ["Gemini (OpenAI dialect)", "Gemini (OpenAI 兼容)"],
    baseUrl: "https://generativelanguage.googleapis.com/v1beta/openai",
    models: models.geminiv2,
    ownedBy: "geminiv2",
    vendor: {
      endpoint: { url: underVersionedBaseUrl, paths: { "openai-completions": null } },
    },
  }),
];
