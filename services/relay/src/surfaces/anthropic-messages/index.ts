import { readMessagesBrief } from "#surfaces/anthropic-messages/brief.ts";
import { cutShortMessage } from "#surfaces/anthropic-messages/cut-short.ts";
import { editMessagesBody } from "#surfaces/anthropic-messages/edit.ts";
import { parseMessages } from "#surfaces/anthropic-messages/parse.ts";
import { anthropicProblem } from "#surfaces/anthropic-messages/problem.ts";
import { openMessageRenderer } from "#surfaces/anthropic-messages/render-stream.ts";
import { renderMessage } from "#surfaces/anthropic-messages/render.ts";
import type { Surface } from "#surfaces/surface.ts";

/** Anthropic's Messages. */
export const anthropicMessages: Surface = {
  name: "anthropic-messages",
  dialect: "anthropic-messages",
  paths: ["/v1/messages"],
  readBrief: readMessagesBrief,
  editBody: editMessagesBody,
  chat: { parse: parseMessages, renderReply: renderMessage, openStream: openMessageRenderer },
  problem: anthropicProblem,
  cutShort: cutShortMessage,
};
