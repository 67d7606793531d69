import { classifyFailure } from "#providers/classify-failure.ts";
import type { FailureRule } from "#providers/failure-rules.ts";
import {
  credentialHeader,
  OPENAI_PATHS,
  openAiHead,
  underBaseUrl,
} from "#providers/openai/endpoint.ts";
import type { OpenAiDialectName, OpenAiEndpoint } from "#providers/openai/endpoint.ts";
import { createOpenAiEventReader } from "#providers/openai/event-reader.ts";
import { writeChatCompletion } from "#providers/openai/request.ts";
import { readChatCompletion } from "#providers/openai/response.ts";
import { openChatCompletionStream } from "#providers/openai/stream.ts";
import { readOpenAiReply } from "#providers/openai/reply-facts.ts";
import type { UsageQuirks } from "#providers/openai/usage.ts";
import type {
  BalanceQuery,
  ChatDialect,
  DialectName,
  ModelsQuery,
  NativeDialect,
  Provider,
} from "#providers/provider.ts";
import { readModelList } from "#providers/read-model-list.ts";

/** What makes one vendor of the OpenAI family differ from OpenAI. Absent = as OpenAI. */
export interface OpenAiVendor {
  readonly name?: string;
  readonly endpoint?: Partial<OpenAiEndpoint>;
  readonly usage?: UsageQuirks;
  /** Streams cannot be asked for usage. */
  readonly refusesStreamOptions?: boolean;
  /** Earlier reasoning is sent back with the assistant's messages; others refuse it. */
  readonly replaysReasoning?: boolean;
  /** Go before the common rules. */
  readonly failureRules?: readonly FailureRule[];
  readonly balance?: BalanceQuery;
}

/** Makes the provider of one vendor of the OpenAI family. */
export function createOpenAiProvider(vendor: OpenAiVendor = {}): Provider {
  const endpoint: OpenAiEndpoint = {
    url: underBaseUrl,
    authorization: "bearer",
    ...vendor.endpoint,
  };
  const options = { quirks: vendor.usage ?? {}, failureRules: vendor.failureRules ?? [] };
  const native: Partial<Record<DialectName, NativeDialect>> = {};
  for (const name of OPENAI_DIALECTS) {
    const path = endpoint.paths?.[name] === undefined ? OPENAI_PATHS[name] : endpoint.paths[name];
    if (path !== null) {
      native[name] = {
        terminalFrame: "data: [DONE]\n\n",
        ...(vendor.refusesStreamOptions === true ? { refusesStreamOptions: true } : {}),
        head: (channel, call) => openAiHead(endpoint, channel, { ...call, path }),
        readReply: (body) => readOpenAiReply(body, LIST_NAMES[name], options),
        openEventReader: (wish) => {
          const contentUnder = CONTENT_MEMBERS[name];
          return createOpenAiEventReader({ ...options, contentUnder, tellsContent: wish?.content });
        },
      };
    }
  }
  return {
    name: vendor.name ?? "openai",
    native,
    ...chatOf(vendor, endpoint),
    readFailure: (reply) => classifyFailure(reply, options.failureRules),
    ...modelsOf(endpoint),
    ...(vendor.balance === undefined ? {} : { balance: vendor.balance }),
  };
}

const OPENAI_DIALECTS = ["openai-chat", "openai-completions", "openai-embeddings"] as const;

const LIST_NAMES = {
  "openai-chat": "choices",
  "openai-completions": "choices",
  "openai-embeddings": "data",
} as const satisfies Record<OpenAiDialectName, string>;

const CONTENT_MEMBERS = {
  "openai-chat": "delta",
  "openai-completions": "choices",
  "openai-embeddings": "choices",
} as const satisfies Record<OpenAiDialectName, string>;

function chatOf(vendor: OpenAiVendor, endpoint: OpenAiEndpoint): { readonly chat: ChatDialect } {
  const path = endpoint.paths?.["openai-chat"] ?? OPENAI_PATHS["openai-chat"];
  const readers = { quirks: vendor.usage ?? {}, failureRules: vendor.failureRules ?? [] };
  const quirks = {
    replaysReasoning: vendor.replaysReasoning ?? false,
    refusesStreamOptions: vendor.refusesStreamOptions ?? false,
  };
  return {
    chat: {
      request: (request, channel) => {
        const call = { path, upstreamModel: request.model, stream: request.stream };
        return {
          ...openAiHead(endpoint, channel, call),
          body: JSON.stringify(writeChatCompletion(request, quirks)),
        };
      },
      readReply: (body) => readChatCompletion(body, readers),
      openStream: () => openChatCompletionStream(readers),
    },
  };
}

function modelsOf(endpoint: OpenAiEndpoint): { readonly models?: ModelsQuery } {
  const path = endpoint.modelsPath === undefined ? "/v1/models" : endpoint.modelsPath;
  if (path === null) {
    return {};
  }
  return {
    models: {
      request: (channel) => ({
        method: "GET",
        url: endpoint.url(channel, path, ""),
        headers: { accept: "application/json", ...credentialHeader(endpoint, channel) },
      }),
      read: readModelList,
    },
  };
}

/** OpenAI itself. */
export const openai: Provider = createOpenAiProvider();
