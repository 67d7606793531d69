import { readMessagesBrief } from "#surfaces/anthropic-messages/brief.ts";
import { editMessagesBody } from "#surfaces/anthropic-messages/edit.ts";
import { anthropicProblem } from "#surfaces/anthropic-messages/problem.ts";
import type { Surface } from "#surfaces/surface.ts";

/** Anthropic's Messages. */
export const anthropicMessages: Surface = {
  name: "anthropic-messages",
  dialect: "anthropic-messages",
  paths: ["/v1/messages"],
  readBrief: readMessagesBrief,
  editBody: editMessagesBody,
  problem: anthropicProblem,
};
