import { anthropic } from "#providers/anthropic/index.ts";
import models from "#providers/channel-models.json" with { type: "json" };
import type { ChannelType, ConfigField } from "#providers/channel-type.ts";
import { createOpenAiProvider } from "#providers/openai/index.ts";

type NativeRow = Pick<ChannelType, "id" | "name" | "labelEn" | "labelZh" | "ownedBy"> &
  Partial<ChannelType>;

/** Types with a dialect of their own; those without a provider can be kept and edited, not called. */
export const nativeTypes: readonly ChannelType[] = [
  nativeType({
    id: 11,
    name: "palm",
    labelEn: "Google PaLM 2",
    labelZh: "Google PaLM 2",
    baseUrl: "https://generativelanguage.googleapis.com",
    models: models.palm,
    ownedBy: "google palm",
  }),
  nativeType({
    id: 14,
    name: "anthropic",
    labelEn: "Anthropic Claude",
    labelZh: "Anthropic Claude",
    provider: anthropic,
    baseUrl: "https://api.anthropic.com",
    models: models.anthropic,
    ownedBy: "anthropic",
  }),
  nativeType({
    id: 15,
    name: "baidu",
    labelEn: "Baidu Qianfan (Wenxin)",
    labelZh: "百度文心千帆",
    baseUrl: "https://aip.baidubce.com",
    keyFormat: "APIKey|SecretKey",
    models: models.baidu,
    ownedBy: "baidu",
  }),
  nativeType({
    id: 18,
    name: "xunfei",
    labelEn: "iFlytek Spark (WebSocket)",
    labelZh: "讯飞星火认知",
    keyFormat: "APPID|APISecret|APIKey",
    configFields: [field("api_version", "Version")],
    models: models.xunfei,
    ownedBy: "xunfei",
  }),
  nativeType({
    id: 21,
    name: "aiproxy-library",
    labelEn: "Knowledge base: AI Proxy",
    labelZh: "知识库：AI Proxy",
    baseUrl: "https://api.aiproxy.io",
    configFields: [field("library_id", "Library id", "required")],
    models: models.openai,
    ownedBy: "openai",
  }),
  nativeType({
    id: 23,
    name: "tencent",
    labelEn: "Tencent Hunyuan",
    labelZh: "腾讯混元",
    baseUrl: "https://hunyuan.tencentcloudapi.com",
    keyFormat: "AppId|SecretId|SecretKey",
    models: models.tencent,
    ownedBy: "tencent",
  }),
  nativeType({
    id: 33,
    name: "aws-claude",
    labelEn: "AWS Bedrock",
    labelZh: "AWS Bedrock",
    keyFormat: "AK|SK|Region",
    configFields: [
      field("region", "Region", "required"),
      field("ak", "Access key id", "required"),
      { name: "sk", label: "Secret access key", required: true, secret: true },
    ],
    models: models.aws,
    ownedBy: "aws",
  }),
  nativeType({
    id: 34,
    name: "coze",
    labelEn: "Coze",
    labelZh: "扣子 Coze",
    baseUrl: "https://api.coze.com",
    configFields: [field("user_id", "User id", "required")],
    models: models.coze,
    ownedBy: "coze",
  }),
  nativeType({
    id: 38,
    name: "deepl",
    labelEn: "DeepL",
    labelZh: "DeepL",
    baseUrl: "https://api-free.deepl.com",
    models: models.deepl,
    ownedBy: "deepl",
  }),
  nativeType({
    id: 42,
    name: "vertex-ai",
    labelEn: "Google Vertex AI",
    labelZh: "Google Vertex AI",
    keyFormat: "Region|ProjectId|ServiceAccountJSON",
    configFields: [
      field("region", "Region", "required"),
      field("vertex_ai_project_id", "Project id", "required"),
      { name: "vertex_ai_adc", label: "Service account JSON", required: true, secret: true },
    ],
    models: models.vertexai,
    ownedBy: "vertexai",
  }),
  nativeType({
    id: 43,
    name: "proxy",
    labelEn: "Raw proxy",
    labelZh: "代理",
    requiresBaseUrl: true,
    ownedBy: "proxy",
  }),
  nativeType({
    id: 46,
    name: "replicate",
    labelEn: "Replicate",
    labelZh: "Replicate",
    baseUrl: "https://api.replicate.com/v1/models",
    models: models.replicate,
    ownedBy: "replicate",
  }),
  nativeType({
    id: 1000,
    name: "demo",
    labelEn: "Demo (built in, answers by itself)",
    labelZh: "演示（内置，无需上游）",
    provider: createOpenAiProvider({ name: "demo", endpoint: { modelsPath: "/v1/models" } }),
    baseUrl: "demo:",
    keyFormat: "any text",
    models: models.demo,
    ownedBy: "tollgate",
  }),
];

function nativeType(row: NativeRow): ChannelType {
  return {
    baseUrl: "",
    requiresBaseUrl: false,
    keyFormat: "KEY",
    configFields: [],
    models: [],
    ...row,
  };
}

function field(name: string, label: string, need?: "required"): ConfigField {
  return { name, label, required: need === "required", secret: false };
}
