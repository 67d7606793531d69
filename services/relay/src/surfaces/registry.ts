import { anthropicMessages } from "#surfaces/anthropic-messages/index.ts";
import { openAiChat } from "#surfaces/openai-chat/index.ts";
import { openAiCompletions } from "#surfaces/openai-completions/index.ts";
import { openAiEmbeddings } from "#surfaces/openai-embeddings/index.ts";
import type { Surface } from "#surfaces/surface.ts";

/** Every dialect that clients may speak. */
export const surfaces: readonly Surface[] = [
  openAiChat,
  openAiCompletions,
  openAiEmbeddings,
  anthropicMessages,
];
