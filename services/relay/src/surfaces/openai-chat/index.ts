import { cutShortOpenAi } from "#surfaces/cut-short-openai.ts";
import { openAiProblem } from "#surfaces/openai-problem.ts";
import { readChatBrief } from "#surfaces/openai-chat/brief.ts";
import { editChatBody } from "#surfaces/openai-chat/edit.ts";
import { parseChat } from "#surfaces/openai-chat/parse.ts";
import { openChatRenderer } from "#surfaces/openai-chat/render-stream.ts";
import { renderChatReply } from "#surfaces/openai-chat/render.ts";
import type { Surface } from "#surfaces/surface.ts";

/** OpenAI's chat completions. */
export const openAiChat: Surface = {
  name: "openai-chat",
  dialect: "openai-chat",
  paths: ["/v1/chat/completions", "/chat/completions"],
  readBrief: readChatBrief,
  editBody: editChatBody,
  chat: { parse: parseChat, renderReply: renderChatReply, openStream: openChatRenderer },
  problem: openAiProblem,
  cutShort: (context) => cutShortOpenAi(context, "chat.completion.chunk", { delta: {} }),
};
