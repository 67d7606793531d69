import models from "#providers/channel-models.json" with { type: "json" };
import type { ChannelType } from "#providers/channel-type.ts";
import {
  aiProxyBalance,
  dashboardBalance,
  grantBalance,
  openAiSbBalance,
} from "#providers/channel-types/balances.ts";
import { openAiType } from "#providers/channel-types/openai-type.ts";
import { underVersionedBaseUrl } from "#providers/openai/endpoint.ts";

const { openai } = models;

/** Services that offer OpenAI's interface under another address, and addresses that the operator brings. */
export const resellerTypes: readonly ChannelType[] = [
  openAiType({
    id: 2,
    name: "api2d",
    labels: ["Reseller: API2D", "代理：API2D"],
    baseUrl: "https://oa.api2d.net",
    models: openai,
  }),
  openAiType({
    id: 4,
    name: "closeai",
    labels: ["Reseller: CloseAI", "代理：CloseAI"],
    baseUrl: "https://api.closeai-proxy.xyz",
    models: openai,
    vendor: {
      balance: grantBalance(
        (channel) => `${channel.baseUrl}/dashboard/billing/credit_grants`,
        "total_available",
      ),
    },
  }),
  openAiType({
    id: 5,
    name: "openai-sb",
    labels: ["Reseller: OpenAI-SB", "代理：OpenAI-SB"],
    baseUrl: "https://api.openai-sb.com",
    models: openai,
    vendor: { balance: openAiSbBalance },
  }),
  openAiType({
    id: 6,
    name: "openai-max",
    labels: ["Reseller: OpenAI Max", "代理：OpenAI Max"],
    baseUrl: "https://api.openaimax.com",
    models: openai,
  }),
  openAiType({
    id: 7,
    name: "ohmygpt",
    labels: ["Reseller: OhMyGPT", "代理：OhMyGPT"],
    baseUrl: "https://api.ohmygpt.com",
    models: openai,
  }),
  openAiType({
    id: 8,
    name: "custom",
    labels: ["Custom (OpenAI dialect)", "自定义渠道"],
    models: openai,
    vendor: { balance: dashboardBalance },
  }),
  openAiType({
    id: 9,
    name: "ails",
    labels: ["Reseller: AI.LS", "代理：AI.LS"],
    baseUrl: "https://api.caipacity.com",
    models: openai,
  }),
  openAiType({
    id: 10,
    name: "aiproxy",
    labels: ["Reseller: AI Proxy", "代理：AI Proxy"],
    baseUrl: "https://api.aiproxy.io",
    models: openai,
    vendor: { balance: aiProxyBalance },
  }),
  openAiType({
    id: 12,
    name: "api2gpt",
    labels: ["Reseller: API2GPT", "代理：API2GPT"],
    baseUrl: "https://api.api2gpt.com",
    models: openai,
    vendor: {
      balance: grantBalance(
        () => "https://api.api2gpt.com/dashboard/billing/credit_grants",
        "total_remaining",
      ),
    },
  }),
  openAiType({
    id: 13,
    name: "aigc2d",
    labels: ["Reseller: AIGC2D", "代理：AIGC2D"],
    baseUrl: "https://api.aigc2d.com",
    models: openai,
    vendor: {
      balance: grantBalance(
        () => "https://api.aigc2d.com/dashboard/billing/credit_grants",
        "total_available",
      ),
    },
  }),
  openAiType({
    id: 22,
    name: "fastgpt",
    labels: ["Knowledge base: FastGPT", "知识库：FastGPT"],
    baseUrl: "https://fastgpt.run/api/openapi",
    keyFormat: "APIKey-AppId",
    models: openai,
    vendor: {
      endpoint: {
        paths: { "openai-completions": null, "openai-embeddings": null },
        modelsPath: null,
      },
    },
  }),
  openAiType({
    id: 50,
    name: "openai-compatible",
    labels: ["OpenAI compatible (base URL with its version)", "OpenAI 兼容"],
    models: openai,
    vendor: { endpoint: { url: underVersionedBaseUrl } },
  }),
];
