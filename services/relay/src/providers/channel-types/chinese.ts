import models from "#providers/channel-models.json" with { type: "json" };
import type { ChannelType } from "#providers/channel-type.ts";
import {
  deepSeekBalance,
  moonshotBalance,
  siliconFlowBalance,
  stepFunBalance,
} from "#providers/channel-types/balances.ts";
import { openAiType } from "#providers/channel-types/openai-type.ts";
import type { FailureRule } from "#providers/failure-rules.ts";

/** DashScope has OpenAI's paths under a prefix of its own. */
const DASHSCOPE_ENDPOINT = {
  paths: {
    "openai-chat": "/compatible-mode/v1/chat/completions",
    "openai-completions": null,
    "openai-embeddings": "/compatible-mode/v1/embeddings",
  },
  modelsPath: "/compatible-mode/v1/models",
} as const;

/** MiniMax answers 200 and puts a number of its own into `base_resp`. */
const MINIMAX_RULES: readonly FailureRule[] = [
  { kind: "credential", reason: "CREDENTIAL_REJECTED", names: ["1004", "2049"] },
  { kind: "funds", reason: "NO_FUNDS", names: ["1008", "2056"] },
  { kind: "rate-limit", reason: "RATE_LIMITED", names: ["1002", "1039", "1041"] },
  { kind: "caller", reason: "CONTENT_REFUSED", names: ["1026", "1027"] },
  { kind: "caller", reason: "BAD_REQUEST", names: ["1042", "2013"] },
  { kind: "transient", reason: "SERVER_ERROR", names: ["1000", "1001", "1024", "1033"] },
];

/** Zhipu's codes come with matching statuses, but money and load share 429. */
const ZHIPU_RULES: readonly FailureRule[] = [
  { kind: "funds", reason: "NO_FUNDS", names: ["1113", "1304", "1308", "1309", "1310"] },
  { kind: "protocol", reason: "MODEL_NOT_ALLOWED", names: ["1220", "1311"] },
  { kind: "caller", reason: "CONTENT_REFUSED", names: ["1300", "1301"] },
];

/** Vendors from China that speak OpenAI's dialect, some of them beside one of their own. */
export const chineseTypes: readonly ChannelType[] = [
  openAiType({
    id: 16,
    name: "zhipu",
    labels: ["Zhipu ChatGLM", "智谱 ChatGLM"],
    baseUrl: "https://open.bigmodel.cn",
    keyFormat: "id.secret",
    models: models.zhipu,
    ownedBy: "zhipu",
    vendor: {
      endpoint: {
        paths: {
          "openai-chat": "/api/paas/v4/chat/completions",
          "openai-completions": null,
          "openai-embeddings": "/api/paas/v4/embeddings",
        },
        modelsPath: null,
      },
      failureRules: ZHIPU_RULES,
    },
  }),
  openAiType({
    id: 17,
    name: "ali",
    labels: ["Alibaba Tongyi Qianwen", "阿里通义千问"],
    baseUrl: "https://dashscope.aliyuncs.com",
    models: models.ali,
    ownedBy: "ali",
    vendor: { endpoint: DASHSCOPE_ENDPOINT },
  }),
  openAiType({
    id: 19,
    name: "ai360",
    labels: ["360 Zhinao", "360 智脑"],
    baseUrl: "https://ai.360.cn",
    models: models.ai360,
    ownedBy: "360",
  }),
  openAiType({
    id: 25,
    name: "moonshot",
    labels: ["Moonshot AI (Kimi)", "月之暗面 Kimi"],
    baseUrl: "https://api.moonshot.cn",
    models: models.moonshot,
    ownedBy: "moonshot",
    vendor: { balance: moonshotBalance, replaysReasoning: true },
  }),
  openAiType({
    id: 26,
    name: "baichuan",
    labels: ["Baichuan", "百川大模型"],
    baseUrl: "https://api.baichuan-ai.com",
    models: models.baichuan,
    ownedBy: "baichuan",
    vendor: { refusesStreamOptions: true },
  }),
  openAiType({
    id: 27,
    name: "minimax",
    labels: ["MiniMax", "MiniMax"],
    baseUrl: "https://api.minimax.chat",
    models: models.minimax,
    ownedBy: "minimax",
    vendor: {
      endpoint: {
        paths: {
          "openai-chat": "/v1/text/chatcompletion_v2",
          "openai-completions": null,
          "openai-embeddings": null,
        },
      },
      failureRules: MINIMAX_RULES,
    },
  }),
  openAiType({
    id: 31,
    name: "lingyiwanwu",
    labels: ["01.AI", "零一万物"],
    baseUrl: "https://api.lingyiwanwu.com",
    models: models.lingyiwanwu,
    ownedBy: "lingyiwanwu",
  }),
  openAiType({
    id: 32,
    name: "stepfun",
    labels: ["StepFun", "阶跃星辰"],
    baseUrl: "https://api.stepfun.com",
    models: models.stepfun,
    ownedBy: "stepfun",
    vendor: { balance: stepFunBalance },
  }),
  openAiType({
    id: 36,
    name: "deepseek",
    labels: ["DeepSeek", "深度求索 DeepSeek"],
    baseUrl: "https://api.deepseek.com",
    models: models.deepseek,
    ownedBy: "deepseek",
    vendor: { balance: deepSeekBalance, replaysReasoning: true },
  }),
  openAiType({
    id: 40,
    name: "doubao",
    labels: ["ByteDance Doubao (Volcano Engine)", "字节豆包（火山引擎）"],
    baseUrl: "https://ark.cn-beijing.volces.com",
    models: models.doubao,
    ownedBy: "doubao",
    vendor: {
      endpoint: {
        paths: {
          "openai-chat": "/api/v3/chat/completions",
          "openai-completions": null,
          "openai-embeddings": "/api/v3/embeddings",
        },
        modelsPath: null,
      },
    },
  }),
  openAiType({
    id: 44,
    name: "siliconflow",
    labels: ["SiliconFlow", "硅基流动"],
    baseUrl: "https://api.siliconflow.cn",
    models: models.siliconflow,
    ownedBy: "siliconflow",
    vendor: {
      balance: siliconFlowBalance,
      failureRules: [
        { kind: "funds", reason: "NO_FUNDS", statuses: [403], names: ["30001"] },
        { kind: "funds", reason: "NO_FUNDS", statuses: [403], texts: ["balance"] },
      ],
    },
  }),
  openAiType({
    id: 47,
    name: "baidu-v2",
    labels: ["Baidu Qianfan V2", "百度千帆 V2"],
    baseUrl: "https://qianfan.baidubce.com",
    models: models.baiduv2,
    ownedBy: "baiduv2",
    vendor: {
      endpoint: {
        paths: {
          "openai-chat": "/v2/chat/completions",
          "openai-completions": null,
          "openai-embeddings": "/v2/embeddings",
        },
        modelsPath: "/v2/models",
      },
    },
  }),
  openAiType({
    id: 48,
    name: "xunfei-v2",
    labels: ["iFlytek Spark (HTTP)", "讯飞星火 V2"],
    baseUrl: "https://spark-api-open.xf-yun.com",
    keyFormat: "APIPassword",
    models: models.xunfeiv2,
    ownedBy: "xunfeiv2",
    vendor: {
      endpoint: {
        paths: { "openai-completions": null, "openai-embeddings": null },
        modelsPath: null,
      },
    },
  }),
  openAiType({
    id: 49,
    name: "ali-bailian",
    labels: ["Alibaba Bailian", "阿里百炼"],
    baseUrl: "https://dashscope.aliyuncs.com",
    models: models.alibailian,
    ownedBy: "alibailian",
    vendor: { endpoint: DASHSCOPE_ENDPOINT },
  }),
];
